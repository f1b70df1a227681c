"""Takes a server, or starts one; gives what it bears, and whether it keeps its promises.
As many operators at once, then more than it can answer; or a few, for hours."""
