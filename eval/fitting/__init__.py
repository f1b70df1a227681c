"""Takes labelled questions; gives the fitted numbers."""
