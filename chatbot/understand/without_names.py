"""A question without the names of people, which no guide holds and which would weigh in search."""

from __future__ import annotations

import re
from collections.abc import Container

from chatbot.privacy.names import names
from chatbot.words.pack import italian
from index.network import NEUTRAL, Network
from index.search.lexical import words

# What only introduces a name goes with it.
_INTRODUCES = re.compile(
    rf"(?:\b(?:{italian('names.led_by')})\s+)*\b(?:{italian('names.introduces')})\.?[\s,:]*$",
    re.IGNORECASE,
)
_LEFT = re.compile(r"(?<=[?!])[\s,:;.]*$|\s*[,:;](?=\s*[,:;.?!])|^[\s,:;.]+|\s+(?=[,.;:?!])")


def without_names(text: str, known: Container[str], network: Network = NEUTRAL) -> str:
    """`text` without the names that a usual phrase introduces. A name that is a word of the
    guides (`known`, lower case) or a municipality stays: it may be what is asked about."""
    spans = sorted({(start, end) for start, end in names(text, network)}, reverse=True)
    kept = text
    for start, end in spans:
        name = text[start:end]
        if network.places.find(name) or any(word in known for word in words(name)):
            continue
        before = _INTRODUCES.sub("", kept[:start])
        kept = f"{before} {kept[end:]}"
    if kept == text:
        return text
    tidy = " ".join(_LEFT.sub("", " ".join(kept.split())).split())
    return tidy if words(tidy) else text
