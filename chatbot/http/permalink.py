"""The link of an answer: the snapshot it was given from, and the passages it cites.

`/risposta/<snapshot>?p=guide~anchor~key-key&p=…`: nothing in it was written by a person. See
docs/adr/0023-the-link-of-an-answer.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

from chatbot.answer import Answer, Citation

MOST = 12  # passages that one link names
LONGEST = 2_000  # characters of one of them


@dataclass(frozen=True, slots=True)
class Pointer:
    """A section of a guide, and the units cited of it by their keys; none for one that is near."""

    guide: str
    anchor: str
    keys: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Pointer | None:
        """What `str` gives, read again; None for anything else."""
        guide, *middle, keys = text.split("~") if text.count("~") >= 2 else ("", "")
        anchor = "~".join(middle)
        if not guide or not anchor or len(text) > LONGEST:
            return None
        return cls(guide, anchor, tuple(key for key in keys.split("-") if key))

    def __str__(self) -> str:
        return f"{self.guide}~{self.anchor}~{'-'.join(self.keys)}"


def permalink(answer: Answer) -> str:
    """The address of an answer's passages, without host; empty where it cites none."""
    lit = answer.outcome != "related"
    pointers = dict.fromkeys(str(_pointer(cited, lit)) for cited in answer.citations)
    query = "&".join(f"p={quote(pointer)}" for pointer in list(pointers)[:MOST])
    return f"/risposta/{quote(answer.snapshot)}?{query}" if query else ""


def _pointer(citation: Citation, lit: bool) -> Pointer:
    parts = urlsplit(citation.url)
    (keys,) = parse_qs(parts.query).get("cita", [""])
    return Pointer(
        citation.guide, unquote(parts.fragment), tuple(keys.split("-")) if lit and keys else ()
    )


def read_pointers(texts: Iterable[str]) -> list[Pointer]:
    """The passages that a link names, those of one section together, at most MOST."""
    found: dict[tuple[str, str], Pointer] = {}
    for pointer in filter(None, map(Pointer.parse, texts)):
        place = (pointer.guide, pointer.anchor)
        before = found.get(place)
        keys = (*before.keys, *pointer.keys) if before else pointer.keys
        found[place] = Pointer(*place, tuple(dict.fromkeys(keys)))
    return list(found.values())[:MOST]
