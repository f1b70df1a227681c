"""Small files of this machine of which every server has the same: brought here before they are
read, told to the others after they were changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chatbot.shared.cabinet import Cabinet
from chatbot.shared.drawer import Drawer, read
from index.files import replace_file


@dataclass(frozen=True)
class Mirror:
    """Files of `folder`, a folder of `var`; where this machine is alone nothing is done. A file
    that is not there is an empty document."""

    cabinet: Cabinet
    folder: str
    names: tuple[str, ...]

    @property
    def _shared(self) -> Drawer | None:
        return self.cabinet.drawer(self.folder) if self.cabinet.engine is not None else None

    def bring(self) -> None:
        """Raises OSError, DrawerError."""
        if drawer := self._shared:
            for name in self.names:
                file, data = self.cabinet.var / self.folder / name, read(drawer, name)
                if data:
                    if data != _read(file):
                        file.parent.mkdir(parents=True, exist_ok=True)
                        replace_file(file, data)
                elif data is not None:
                    file.unlink(missing_ok=True)

    def tell(self) -> None:
        """Raises OSError, DrawerError."""
        if drawer := self._shared:
            for name in self.names:
                data = _read(self.cabinet.var / self.folder / name)
                if data != (read(drawer, name) or b""):
                    drawer.write(name, data)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Of all servers this one changes them. Raises InUse, OSError, DrawerError."""
        if self._shared is None:
            yield
            return
        with self.cabinet.alone(f"files {self.folder}"):
            self.bring()
            yield
            self.tell()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
