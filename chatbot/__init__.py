"""From a question to a cited answer. Knows policy, not files."""
