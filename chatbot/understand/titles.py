"""The titles of stay of the network that a text names."""

from __future__ import annotations

import re
from functools import lru_cache

from chatbot.understand.named import REMEMBERED
from index.network import Network
from index.phrases import NEVER, any_of, plain


def title_of_stay(text: str, network: Network) -> str | None:
    """The title of stay that `text` names, when it names one and no other."""
    found = titles_of_stay(text, network)
    return found.pop() if len(found) == 1 else None


def titles_of_stay(text: str, network: Network) -> set[str]:
    """The titles of stay of the network that `text` names."""
    found = {match.lastgroup for match in _patterns(network).finditer(plain(text))}
    return {network.titles[int(name[1:])].id for name in found if name}


def begins_with_title(text: str, network: Network) -> bool:
    """Whether `text` begins with people who have a title of stay."""
    return _patterns(network).match(plain(text)) is not None


@lru_cache(maxsize=REMEMBERED)
def _patterns(network: Network) -> re.Pattern[str]:
    """One group for each title of stay, `t0` and so on."""
    groups = (
        f"(?P<t{n}>{any_of(phrase for found in title.phrases.values() for phrase in found)})"
        for n, title in enumerate(network.titles)
    )
    return re.compile("|".join(groups) or NEVER)
