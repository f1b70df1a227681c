"""Takes a question and its best passages; gives the units that answer, best first.
Whether they answer well enough is judged afterwards, in `judge`."""
