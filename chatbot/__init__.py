"""Takes a question and a published snapshot; gives a cited answer, and the pages that show it.
Knows policy, not files: the folders are the steps, in the order of docs/architecture.md."""
