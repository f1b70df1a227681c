"""Takes a folder of guides; gives a snapshot: built, written whole or not at all, published by one
pointer. Also a draft, what differs between two, and the way back."""
