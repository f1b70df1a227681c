"""What a test leaves for the last lines of a session."""

from __future__ import annotations

REPORT = "resoconto"  # the property of a test that names the report it wrote, told at the end
FIGURES = "cifre"  # the property of a test that says what it measured, told at the end
