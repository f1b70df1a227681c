"""The root of the errors that a person is meant to read."""


class BussolaError(Exception):
    """Root of the errors that a person is meant to read; the message is in Italian."""
