"""Takes a `Query` and a snapshot; gives hits, best first.
Candidates by vector and by word, fused, then ranked again by how the question meets them.
"""
