"""Takes hits and evidence; gives how likely the guides answer, and the outcome.
`rules/` may lower an outcome, swap evidence or put a card first.
"""
