"""A document that was read: its blocks in reading order, and what could not be carried."""

from __future__ import annotations

from dataclasses import dataclass

from index.errors import BussolaError


class IntakeError(BussolaError):
    """A document that cannot be taken in; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of a document that its draft does not have, or has otherwise than it was.

    `section` counts the headings before it, 0 standing for none; None is of the whole document.
    """

    what: str  # «immagine», «commento» …
    place: str  # «sotto «Documenti»», «pagina 3»
    words: str = ""
    section: int | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" + (f": «{self.words}»" if self.words else "")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` from 1) or a text (0). `markdown` is ready to stand in a guide: of a
    heading, what comes after the `#`; `words` is what a reader sees of it."""

    markdown: str
    words: str
    level: int = 0
    anchor: str = ""  # of a heading


@dataclass(frozen=True, slots=True)
class Document:
    """`title` is empty where the document does not say one; `address` is where it was got."""

    title: str
    blocks: tuple[Block, ...]
    losses: tuple[Loss, ...] = ()
    address: str = ""
    publisher: str = ""


def first_words(text: str, most: int = 100) -> str:
    """The beginning of `text` in one line, to say which one is meant."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"
