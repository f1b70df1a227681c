"""A drawer: named documents that several processes read and change."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from chatbot.problem import Unavailable

Stamp = tuple[int, int]


class DrawerError(Unavailable):
    """A drawer cannot be opened; the message says so in Italian."""


class InUse(Exception):  # noqa: N818 (it reads as what happened)
    """Another process has the documents, and waiting was not wished."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A document as it is now: `stamp` differs when it does. `data` is None for who knows it."""

    stamp: Stamp
    data: bytes | None


class Drawer(Protocol):
    """Documents by name. A document is written whole or not at all."""

    def look(self, name: str, known: Stamp | None = None) -> Contents | None:
        """The document, None where there is none; its data are not fetched where `known` is its
        stamp. Raises OSError, DrawerError."""

    def all(self) -> dict[str, bytes]:
        """Every document that can be read, by name, in the order of names. Raises DrawerError."""

    def names(self) -> set[str]:
        """Of every document. Raises DrawerError."""

    def write(self, name: str, data: bytes) -> None:
        """Raises OSError, DrawerError."""

    def alone(self, name: str = "", wait: bool = True) -> AbstractContextManager[None]:
        """What is done inside, to one document or (without a name) to the whole drawer, no other
        process does meanwhile. Raises InUse for who does not `wait`; DrawerError."""


def read(drawer: Drawer, name: str) -> bytes | None:
    """The document, None where there is none. Raises OSError, DrawerError."""
    sheet = drawer.look(name)
    return sheet.data if sheet else None
