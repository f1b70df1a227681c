"""Takes answers of a run; gives the judgement of people and of a language
model, and how they agree.
"""
