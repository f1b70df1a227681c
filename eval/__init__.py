"""Takes cases and collections of labelled questions; gives runs, reports, fits and benchmarks.
Calls the same Bot that the server calls."""
