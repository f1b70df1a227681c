"""Letters without their accents: one way of writing the same name."""

from __future__ import annotations

import unicodedata


def strip_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def look(text: str) -> str:
    """What `text` looks like: accents in one piece, one kind of blank, apostrophe and hyphen."""
    whole = unicodedata.normalize("NFC", text).translate(_ALIKE)
    return " ".join(whole.split())


_ALIKE = str.maketrans({**dict.fromkeys("’‘ʼ´`", "'"), **dict.fromkeys("‐‑‒", "-")})


def fold(name: str) -> str:
    """`name` without accents, capitals and typographic apostrophes."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'").casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
