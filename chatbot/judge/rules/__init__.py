"""Takes what was asked and what was found; says where an outcome must be another."""
