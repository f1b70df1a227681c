"""Takes the guides, on request; gives which addresses outside they lead to no longer answer.
Looked at slowly, politely, and never in a private network."""
