"""Takes a question and its best passages; gives the units that answer."""
