"""Takes questions, outcomes and feedback; keeps them without personal data, and gives them back.
The only writer of the journal's database.
"""
