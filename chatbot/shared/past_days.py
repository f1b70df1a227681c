"""The guides of past days, behind the link of an answer, on every server: each tells the others of
the days it has, and brings here those that somebody asks for."""

from __future__ import annotations

from collections.abc import Collection

import structlog

from chatbot.problem import Unavailable
from chatbot.shared.cabinet import Cabinet
from chatbot.shared.drawer import Drawer, read
from index.files import replace_file
from index.publish.past import PAST, TEXTS, day_file, read_day, text_file

log = structlog.get_logger()


class PastDays:
    """Does nothing where a server is alone."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._var = cabinet.var
        shared = cabinet.engine is not None
        self._lists, self._texts = (
            cabinet.drawer(name) if shared else None for name in (PAST, TEXTS)
        )

    def tell(self) -> None:
        """Of every day that is here and that the others do not have; what fails is told the next
        time."""
        if self._lists is None or self._texts is None:
            return
        try:
            known = self._lists.names()
            for file in sorted((self._var / PAST).glob("*.json")):
                if file.name not in known:
                    self._tell_day(file.stem, self._lists, self._texts)
        except (OSError, Unavailable) as error:
            log.warning("past_not_told", why=type(error).__name__)

    def _tell_day(self, snapshot_id: str, lists: Drawer, texts: Drawer) -> None:
        """Its list last: who finds that finds all."""
        day = read_day(self._var, snapshot_id)
        known = texts.names()
        with texts.alone():  # in one transaction
            for digest in sorted(set(day.guides.values()) if day else ()):
                file = text_file(self._var, digest)
                if file.name not in known:
                    texts.write(file.name, file.read_bytes())
        listed = day_file(self._var, snapshot_id)
        lists.write(listed.name, listed.read_bytes())

    def bring(self, snapshot_id: str, slugs: Collection[str]) -> None:
        """Have here the list of a day and these guides of it, as far as anybody has them. Raises
        OSError, DrawerError, PastError."""
        if self._lists is None or self._texts is None:
            return
        listed = day_file(self._var, snapshot_id)
        if not listed.is_file() and (data := read(self._lists, listed.name)):
            text_file(self._var, "").parent.mkdir(parents=True, exist_ok=True)
            replace_file(listed, data)
        day = read_day(self._var, snapshot_id)
        for digest in {day.guides[slug] for slug in slugs if slug in day.guides} if day else ():
            file = text_file(self._var, digest)
            if not file.is_file() and (data := read(self._texts, file.name)):
                replace_file(file, data)
