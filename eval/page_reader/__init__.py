"""Takes a page of sentences and a question; gives the sentences that answer.
Of the reading benchmark (OMoS-QA) alone: the bot does without.
"""
