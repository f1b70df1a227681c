"""The addresses outside that guides lead to, each with the places where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urldefrag, urlsplit

from index.guide import Guide

Where = Literal["testo", "fonte", "contatto"]


@dataclass(frozen=True, slots=True)
class AddressPlace:
    """Where an address stands in a guide; `line` is 0 in the front matter."""

    slug: str
    title: str
    path: str
    where: Where
    line: int = 0


def addresses(guides: Iterable[Guide]) -> Mapping[str, tuple[AddressPlace, ...]]:
    """Every web address that the texts, sources and contacts of guides have, without what stands
    after its #: those are of the same page."""
    found: dict[str, dict[AddressPlace, None]] = {}
    for guide in guides:
        for text, where, line in _of(guide):
            if url := web_address(text):
                place = AddressPlace(guide.slug, guide.title, guide.path, where, line)
                found.setdefault(url, {})[place] = None
    return {url: tuple(places) for url, places in found.items()}


def _of(guide: Guide) -> Iterator[tuple[str, Where, int]]:
    for link in guide.links:
        yield link.target, "testo", link.line
    for source in guide.sources:
        yield source.url or "", "fonte", 0
    for contact in guide.service.contacts if guide.service else ():
        if contact.kind == "sito":
            yield contact.value, "contatto", 0


def web_address(text: str) -> str:
    """The address of a page, also where it begins with «www.» alone; empty where it is none."""
    text = text.strip()
    if text.lower().startswith("www."):
        text = f"https://{text}"
    try:
        url, _ = urldefrag(text)
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises where it is none)
    except ValueError:
        return ""
    named = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    return url if named else ""
