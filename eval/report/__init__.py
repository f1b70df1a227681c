"""Takes runs; gives pages, plots and reasons that people read."""
