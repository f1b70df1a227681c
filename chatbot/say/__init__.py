"""Takes an outcome with its evidence; gives the `Answer`: units verbatim, marks, what to do next.
`texts/` has the bot's words in each language.
"""
