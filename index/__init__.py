"""Takes the Markdown files of `guides/`; gives a published snapshot, with all derived from them.
Knows files, not policy: what a guide is worth to a question is decided in `chatbot`."""
