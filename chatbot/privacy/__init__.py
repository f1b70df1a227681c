"""Takes text of people; gives it back without personal data.
Names, numbers, places and strangers each have a module; `redact` puts them together.
"""
