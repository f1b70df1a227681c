"""Takes the journal, the guides and what editors write; gives what is to be done, drafts tested and
seen by a second person, and publications that can be undone."""
