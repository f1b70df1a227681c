"""Takes guides; gives findings with file and line.
`rules` has the ordered tuple of rules.
"""
