"""Takes cases and a bot; gives runs, their measures, and what changed between two."""
