"""The root of the errors that a person is meant to read."""

# What a date that cannot be read should have been.
LIKE_A_DATE = "deve essere una data come 2031-11-22"


class BussolaError(Exception):
    """Root of the errors that a person is meant to read; the message is in Italian."""
