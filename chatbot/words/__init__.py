"""Takes text; gives what a language's words tell: forms of answer, yes or no, the language.
Needs nothing of the other rooms but the vocabulary of a snapshot.
"""
