"""The regression suite and the benchmarks. Calls the same Bot that the server calls."""
