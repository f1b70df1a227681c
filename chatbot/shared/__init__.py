"""What several servers have in common: in files of one machine, or in one PostgreSQL."""
