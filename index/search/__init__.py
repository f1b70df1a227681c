"""Takes vectors and stems; gives the nearest passages.
Words (BM25), vectors (FAISS) and tokens, each a file of the snapshot.
"""
