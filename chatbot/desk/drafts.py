"""Drafts: sets of changed guides, kept in `var` until they are published or thrown away.

A draft is one file, written whole or not at all. Each guide in it has a version: who saves over a
version that is no longer the last is told, and the text not accepted is put aside, not lost.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from chatbot.desk.approval import Approval, Schedule
from chatbot.desk.draft_guide import DraftGuide
from chatbot.shared.drawer import Drawer, read
from chatbot.shared.folder_drawer import FolderDrawer
from index.errors import BussolaError

FOLDER = "desk"
DRAFTS = f"{FOLDER}/drafts"
State = Literal["open", "published", "discarded"]


class UnknownDraft(BussolaError):  # noqa: N818 (it reads as what happened)
    """There is no such draft, or no such guide in it."""


class NotOpen(BussolaError):  # noqa: N818
    """The draft was published or thrown away meanwhile."""


class Draft(BaseModel):
    """A set of changed guides; `version` counts every change to it, `writers` are all who made
    one."""

    model_config = ConfigDict(frozen=True)
    id: str
    name: str
    by: str
    created: datetime
    updated: datetime
    version: int = 1
    state: State = "open"
    guides: tuple[DraftGuide, ...] = ()
    writers: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()
    schedule: Schedule | None = None

    @property
    def approved_by(self) -> tuple[str, ...]:
        """Who agrees with it as it is now, among those who wrote nothing in it."""
        return tuple(
            one.by for one in self.approvals
            if one.version == self.version and one.by not in self.writers
        )  # fmt: skip

    def seen_by_another(self, by: str) -> bool:
        """Whether, published by `by`, it has been read by somebody who wrote nothing in it."""
        return bool(self.approved_by) or by not in self.writers

    def find(self, slug: str) -> DraftGuide | None:
        return next((guide for guide in self.guides if guide.slug == slug), None)


class Stale(BussolaError):  # noqa: N818
    """Somebody saved this guide meanwhile; `current` is what they saved."""

    def __init__(self, current: DraftGuide) -> None:
        self.current = current
        when = current.at.astimezone().strftime("%H:%M")
        super().__init__(
            f"{current.by} ha salvato questa guida alle {when}: il tuo testo è messo da parte, "
            "scegli quale tenere."
        )


class Drafts:
    """The drafts of one drawer (of a folder `var`); safe between threads and processes."""

    def __init__(self, place: Path | Drawer) -> None:
        self._drawer = FolderDrawer(place / DRAFTS) if isinstance(place, Path) else place

    def all(self) -> list[Draft]:
        """Those that can be read, the last changed first."""
        kept = self._drawer.all().items()
        found = [d for name, data in kept if name.endswith(".json") and (d := _draft(data))]
        return sorted(found, key=lambda draft: draft.updated, reverse=True)

    def open(self) -> list[Draft]:
        return [draft for draft in self.all() if draft.state == "open"]

    def get(self, draft_id: str) -> Draft:
        """Raises UnknownDraft."""
        found = self._read(draft_id) if _is_id(draft_id) else None
        if found is None:
            raise UnknownDraft("Questa bozza non c'è.")
        return found

    def create(self, by: str, name: str = "") -> Draft:
        now = _now()
        name = name.strip() or f"Bozza di {by}"
        draft = Draft(id=secrets.token_hex(8), name=name, by=by, created=now, updated=now)
        with self._lock():
            return self._write(draft)

    def put(
        self, draft_id: str, guide: DraftGuide, by: str, version: int, over: bool = False
    ) -> Draft:
        """Keep `guide` (its base counts where it is new here) as `by` wrote it over
        `version`, 0 for one that the draft does not have. The text that `by` chooses to write
        `over` another's is kept aside, as is a text refused. Raises Stale, NotOpen, UnknownDraft.
        """
        with self._lock():
            draft = self._opened(draft_id)
            old = draft.find(guide.slug)
            if old is None:
                return self._with(draft, guide.model_copy(update={"by": by, "at": _now()}))
            if old.text == guide.text:
                return draft
            if old.version == version:
                aside = old.with_aside(old.text, old.by) if over else old.aside
                new = old.model_copy(
                    update={"text": guide.text, "version": old.version + 1, "by": by,
                            "at": _now(), "aside": aside, "removed": False}
                )  # fmt: skip
                return self._with(draft, new)
            kept = old.model_copy(update={"aside": old.with_aside(guide.text, by)})
            self._with(draft, kept)
        raise Stale(kept)  # told when the text put aside is kept

    def restart(self, draft_id: str, slug: str, base: str, digest: str) -> Draft:
        """The guide now begins from another text: somebody changed the file, and the editor has
        seen how. Its text stays. Raises NotOpen, UnknownDraft."""
        with self._lock():
            draft = self._opened(draft_id)
            old = _in(draft, slug)
            return self._with(draft, old.model_copy(update={"base": base, "digest": digest}))

    def merge(self, draft_id: str, slug: str, text: str, base: str, digest: str, by: str) -> Draft:
        """As `restart`, with what others changed put into the text; the text before it is kept
        aside. Raises NotOpen, UnknownDraft."""
        with self._lock():
            draft = self._opened(draft_id)
            old = _in(draft, slug)
            update = {
                "text": text, "base": base, "digest": digest, "version": old.version + 1,
                "by": by, "at": _now(), "aside": old.with_aside(old.text, old.by),
            }  # fmt: skip
            return self._with(draft, old.model_copy(update=update))

    def change(
        self,
        draft_id: str,
        begun: DraftGuide,
        by: str,
        change: Callable[[DraftGuide], Mapping[str, object]],
    ) -> Draft:
        """Something of a guide other than its text alone: `change` says what, of the guide as the
        draft has it, or of `begun` where it is new there. Raises NotOpen, UnknownDraft, and what
        `change` raises."""
        with self._lock():
            draft = self._opened(draft_id)
            old = draft.find(begun.slug)
            one = old or begun
            update = {"version": one.version + (old is not None), "by": by, "at": _now()}
            new = one.model_copy(update={**update, **change(one)})
            return self._with(draft, new, begun.slug)

    def name(self, draft_id: str, name: str) -> Draft:
        """Call it otherwise; who agrees with it still does. Raises NotOpen, UnknownDraft."""
        with self._lock():
            draft = self._opened(draft_id)
            return self._write(draft.model_copy(update={"name": name, "updated": _now()}))

    def drop(self, draft_id: str, slug: str) -> Draft:
        """Take a guide out of a draft. Raises NotOpen, UnknownDraft."""
        with self._lock():
            draft = self._opened(draft_id)
            _in(draft, slug)
            left = tuple(guide for guide in draft.guides if guide.slug != slug)
            return self._write(_touched(draft, guides=left))

    def close(self, draft_id: str, state: State, version: int | None = None) -> None:
        """Published or thrown away; its texts stay in the file. Raises NotOpen, also where it is
        no longer the `version` that was given; UnknownDraft."""
        with self._lock():
            draft = self._opened(draft_id)
            if version not in (None, draft.version):
                raise NotOpen("La bozza è cambiata mentre la pubblicavo: guardala e riprova.")
            self._write(_touched(draft, state=state))

    def reopen(self, draft_id: str) -> None:
        """What was to be published was not. Raises UnknownDraft."""
        with self._lock():
            draft = self.get(draft_id)
            if draft.state == "published":
                self._write(_touched(draft, state="open"))

    def approve(self, draft_id: str, by: str, version: int) -> Draft:
        """`by` agrees with this version. Raises NotOpen, also where there is a newer one;
        BussolaError for who wrote in it; UnknownDraft."""
        with self._lock():
            draft = self._opened(draft_id)
            if by in draft.writers:
                raise BussolaError("Hai scritto in questa bozza: l'approva un'altra persona.")
            if draft.version != version:
                raise NotOpen("La bozza è cambiata mentre la leggevi: rileggila, poi approva.")
            others = tuple(one for one in draft.approvals if one.by != by)
            given = Approval(by=by, at=_now(), version=version)
            return self._write(draft.model_copy(update={"approvals": (*others, given)}))

    def put_off(self, draft_id: str, schedule: Schedule | None) -> Draft:
        """To be published on a day, or on none. Raises NotOpen, UnknownDraft."""
        with self._lock():
            draft = self._opened(draft_id)
            return self._write(draft.model_copy(update={"schedule": schedule}))

    def _opened(self, draft_id: str) -> Draft:
        draft = self.get(draft_id)
        if draft.state != "open":
            raise NotOpen("Questa bozza è già stata pubblicata o scartata: aprine un'altra.")
        return draft

    def _with(self, draft: Draft, guide: DraftGuide, was: str = "") -> Draft:
        """With the guide in its place, which is that of the slug that it `was`."""
        others = [g if g.slug != (was or guide.slug) else guide for g in draft.guides]
        guides = others if guide in others else [*others, guide]
        writers = tuple(dict.fromkeys((*draft.writers, guide.by)))
        return self._write(_touched(draft, guides=tuple(guides), writers=writers))

    def _read(self, draft_id: str) -> Draft | None:
        try:
            return _draft(read(self._drawer, f"{draft_id}.json") or b"")
        except OSError:
            return None

    def _write(self, draft: Draft) -> Draft:
        self._drawer.write(f"{draft.id}.json", draft.model_dump_json(indent=1).encode())
        return draft

    def _lock(self) -> AbstractContextManager[None]:
        return self._drawer.alone()


def _draft(data: bytes) -> Draft | None:
    try:
        return Draft.model_validate_json(data)
    except ValidationError:
        return None


def _is_id(text: str) -> bool:
    return len(text) == 16 and set(text) <= set("0123456789abcdef")


def _in(draft: Draft, slug: str) -> DraftGuide:
    guide = draft.find(slug)
    if guide is None:
        raise UnknownDraft("Questa guida non è nella bozza.")
    return guide


def _touched(draft: Draft, **changes: object) -> Draft:
    return draft.model_copy(update={"updated": _now(), "version": draft.version + 1, **changes})


def _now() -> datetime:
    return datetime.now(UTC)
