"""Measures on data that nobody here wrote: retrieval, reading, speed."""
