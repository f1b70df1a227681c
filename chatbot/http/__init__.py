"""Takes requests; gives the JSON of the contract and problem documents.
Routes, their messages, and who may call them.
"""
