"""Takes runs and collections; gives pages, plots and reasons that people read.
An impact is two runs, before and after a change of the guides."""
