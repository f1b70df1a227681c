"""One document of a drawer, for who keeps a single one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from chatbot.shared.drawer import Contents, Drawer, Stamp
from chatbot.shared.folder_drawer import FolderDrawer


@dataclass(frozen=True)
class Document:
    """What it raises is what its drawer raises."""

    drawer: Drawer
    name: str

    @classmethod
    def of(cls, place: Path | Document) -> Document:
        """A path is a file of this machine that the service's own user alone reads."""
        if isinstance(place, Document):
            return place
        return cls(FolderDrawer(place.parent, private=True), place.name)

    def look(self, known: Stamp | None = None) -> Contents | None:
        return self.drawer.look(self.name, known)

    def write(self, data: bytes) -> None:
        self.drawer.write(self.name, data)

    def alone(self, wait: bool = True) -> AbstractContextManager[None]:
        return self.drawer.alone(self.name, wait)
