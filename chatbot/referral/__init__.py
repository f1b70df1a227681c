"""Takes a slip that an operator sends, with the person's consent; brings it to the service by
e-mail or webhook, and keeps its state, not what it says.
"""
