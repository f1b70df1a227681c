"""Takes what several servers have in common: sessions, drafts, rates, editions of the snapshot.
Keeps it in files of one machine, or in one PostgreSQL, and gives it back to each of them."""
