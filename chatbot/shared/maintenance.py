"""What is closed while somebody works on it: questions of the pages, or the doors of programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

import structlog
from pydantic import TypeAdapter, ValidationError

from chatbot.problem import Unavailable
from chatbot.shared.document import Document
from chatbot.shared.drawer import Stamp

Closable = Literal["chat", "api"]
PARTS: tuple[Closable, ...] = get_args(Closable)
FILE = "maintenance.json"
_CLOSED = TypeAdapter(frozenset[Closable])
log = structlog.get_logger()


class Maintenance:
    """One switch for every server that shares the document; `closed` is what this one knew when it
    last looked."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._stamp: Stamp | None = None
        self.closed: frozenset[Closable] = frozenset()

    def look(self) -> None:
        """What the switch says now; where it cannot be read, what it said before."""
        try:
            sheet = self._document.look(self._stamp)
            if sheet is None:
                self._stamp, self.closed = None, frozenset()
            elif sheet.data is not None:
                self._stamp, self.closed = sheet.stamp, _CLOSED.validate_json(sheet.data)
        except (OSError, ValidationError, Unavailable) as error:
            log.warning("maintenance_not_read", why=type(error).__name__)

    def close(self, parts: Iterable[Closable]) -> None:
        """Close these parts and no other. Raises OSError, DrawerError."""
        self._document.write(_CLOSED.dump_json(frozenset(parts)))
        self.look()
