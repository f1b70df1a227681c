"""The bot as it is served, opened to be asked many questions, one after the other."""

from __future__ import annotations

from chatbot.library import Library
from chatbot.settings import Settings

REMEMBERED = 64  # texts: an answer encodes the same one in several rooms, turns come back too


def open_to_ask(settings: Settings) -> Library:
    """The published snapshot with its bot; a text that comes back is encoded once, and no answer is
    otherwise for it. Raises BussolaError."""
    library = Library.open(settings)
    library.bot.encoder.remember(REMEMBERED)
    return library
