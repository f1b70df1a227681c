"""Takes cases and a bot; gives a run: an answer for each case, its verdict, their measures.
Of two runs it gives what changed; one is blessed, and others are held against it."""
