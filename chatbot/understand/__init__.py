"""Takes a question with its history; gives a `Query`: all that is read in it.
Typing errors, acronyms, follow-ups, who the person is, dates, what is named.
"""
