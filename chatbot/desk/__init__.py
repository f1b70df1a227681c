"""Takes the journal and the guides; gives what editors and evaluators have to do."""
