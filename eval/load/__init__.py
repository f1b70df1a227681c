"""Takes a server; gives what it bears, and whether it keeps its promises."""
