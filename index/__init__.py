"""From the Markdown files of `guides/` to a published snapshot. Knows files, not policy."""
