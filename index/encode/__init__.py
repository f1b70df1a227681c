"""Takes texts; gives vectors of passages, questions and tokens.
Prepares the encoder once, so that serving needs no torch.
"""
