"""Takes a folder of guides; gives a published snapshot, a draft, a difference, a way back."""
