"""Takes a question and units of the guides; gives what a language model makes of them, checked.
Off until the settings name a model: nothing here is needed for an answer.
"""
