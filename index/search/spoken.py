"""The words that a text says without meaning a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+")


def spoken_in(texts: Iterable[str]) -> frozenset[str]:
    """In lower case, the words written small in any of the texts, and those all in capitals
    (acronyms): what is only ever written with one capital may be a name, and is not among them."""
    found = (word for text in texts for word in _WORD.findall(text))
    return frozenset(
        word.lower() for word in found if word.islower() or (word.isupper() and len(word) > 1)
    )
