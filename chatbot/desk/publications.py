"""Publications of drafts: what was written in the guides, by whom and why, and the way back.

A publication is written down before the first file is touched. Where the server dies half way, the
next start finishes it if its snapshot was already published, and takes it back if not.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import FOLDER, Draft, Drafts
from chatbot.desk.placing import files_of
from chatbot.desk.press import Press
from chatbot.desk.publication import Publication
from chatbot.desk.repository import CommitError, Repository
from chatbot.desk.stage import Files, put, remove_stages, staged
from chatbot.shared.drawer import Drawer
from index.encode.encoder import Encoder
from index.errors import BussolaError
from index.parse.guide_file import source_digest
from index.publish.build import Summary, build
from index.publish.published import current_id
from index.publish.shelf import BuildUnderWay
from index.publish.snapshot import Snapshot

COMMIT_ADDRESS = "redazione@localhost"


class ChangedOutside(BussolaError):  # noqa: N818 (it reads as what happened)
    """The file of a guide is not the one that the draft began from."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = tuple(paths)
        super().__init__(
            f"Nella cartella è cambiato: {', '.join(paths)}. Non ho pubblicato nulla: apri la "
            "guida, guarda che cosa è cambiato e scegli come continuare."
        )


@dataclass(frozen=True)
class Ground:
    """What a build may take over: the model in memory, and what is published; and who is to
    `serve` what is published next."""

    encoder: Encoder
    published: Snapshot
    serve: Callable[[Snapshot], object] = lambda snapshot: None


@dataclass(frozen=True)
class Publisher:
    """Writes drafts into the folder of the guides and publishes it."""

    guides: Path
    var: Path
    drafts: Drafts
    press: Press | None = None  # None: this server alone

    @property
    def _press(self) -> Press:
        return self.press or Press.of_one(self.var)

    @property
    def _kept(self) -> Drawer:
        return self._press.cabinet.drawer(f"{FOLDER}/publications")

    def all(self) -> list[Publication]:
        """Those that were carried through, newest first."""
        return sorted((p for p in self._read() if p.state == "done"), key=lambda p: p.at)[::-1]

    def get(self, publication_id: str) -> Publication:
        """Raises BussolaError."""
        found = next((p for p in self.all() if p.id == publication_id), None)
        if found is None:
            raise BussolaError("Questa pubblicazione non c'è.")
        return found

    def on_disk(self, path: str) -> tuple[str, str]:
        """(text, digest of the bytes) of the file of a guide; both empty where there is none."""
        try:
            data = (self.guides / path).read_bytes()
        except FileNotFoundError:
            return "", ""
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BussolaError(_not_text(path)) from None
        return text.replace("\r\n", "\n"), source_digest(data)

    def try_out(self, draft: Draft, ground: Ground) -> Summary:
        """Build a snapshot of the guides with the draft and do not publish it. Raises
        ChangedOutside, GuidesRejected, BuildUnderWay, BussolaError."""
        return self._build(self._of_draft(draft), ground)[0]

    def publish(
        self, draft: Draft, by: str, reason: str, ground: Ground, role: str = "redazione"
    ) -> Publication:
        """As `try_out`, and then the files are written, the snapshot published and, where the
        folder is in a git repository, a commit made in the name of the role."""
        with self._press.at_work():
            self._recover()
            files = self._of_draft(draft)
            if not files:
                raise BussolaError(
                    "La bozza non cambia nessuna guida: non c'è nulla da pubblicare."
                )
            built, made = self._build(files, ground)
            of = {path: guide.slug for guide in draft.guides if guide.changed
                  for path in files_of(guide, "", self.guides) if path != guide.path}  # fmt: skip
            begun = self._begin(
                files, of, built.snapshot, by=by, name=draft.name, reason=reason, draft=draft.id,
                role=role,
            )  # fmt: skip
            try:
                self.drafts.close(draft.id, "published", draft.version)
            except BussolaError:
                self._take_back(begun)
                raise
            return self._carry_out(begun, made, ground)

    def undo(
        self, publication_id: str, by: str, ground: Ground, only: str = "", role: str = "redazione"
    ) -> Publication:
        """Publish what was there before a publication: of all its guides or `only` of one.
        Raises ChangedOutside where a guide was changed since."""
        with self._press.at_work():
            self._recover()
            undone = self.get(publication_id)
            files = [f for f in undone.files if only in ("", f.slug, f.together)]
            if moved := [f.path for f in files if self._raw(f.path) != f.after]:
                raise ChangedOutside(moved)
            back: Files = {f.path: f.before for f in files}
            built, made = self._build(back, ground)
            name = f"Annullata: {undone.name}"
            of = {f.path: f.of for f in files}
            begun = self._begin(
                back, of, built.snapshot, by=by, name=name, undoes=publication_id, role=role
            )
            return self._carry_out(begun, made, ground)

    def recover(self) -> None:
        """Finish or take back what a server left half done. Call it when one starts, and once in a
        while where there are several."""
        with suppress(BuildUnderWay), self._press.at_work():
            self._recover()
            remove_stages(self.var / FOLDER)

    def _recover(self) -> None:
        for left in [p for p in self._read() if p.state == "begun"]:
            if current_id(self.var) == left.snapshot:
                self._carry_out(left)
                continue
            self._take_back(left)

    def _take_back(self, begun: Publication) -> None:
        """Every file as it was, unless somebody changed it since; the draft is open again."""
        for file in begun.files:
            if self._raw(file.path) == file.after:
                self._put(file.path, file.before)
        if begun.draft:
            self.drafts.reopen(begun.draft)
        self._write(begun.model_copy(update={"state": "abandoned"}))

    def _of_draft(self, draft: Draft) -> Files:
        """The files that a draft changes, as they will be. Raises ChangedOutside, and BussolaError
        where the new name of a guide is taken."""
        changed = [guide for guide in draft.guides if guide.changed]
        if moved := [g.path for g in changed if self.on_disk(g.path)[1] != g.digest]:
            raise ChangedOutside(moved)
        return {
            path: text
            for guide in changed
            for path, text in files_of(guide, self._with_its_line_ends(guide), self.guides).items()
        }

    def _with_its_line_ends(self, guide: DraftGuide) -> str:
        """With the line ends that its file has."""
        old = self._raw(guide.path) or ""
        return guide.text.replace("\n", "\r\n") if "\r\n" in old else guide.text

    def _build(self, files: Files, ground: Ground) -> tuple[Summary, Snapshot | None]:
        """A snapshot of a copy of the guides in which `files` are as they will be, and that
        snapshot as it was read back."""
        made: list[Snapshot] = []
        with staged(self.guides, files, self.var / FOLDER) as copy:
            summary = build(
                copy, self.var, ground.encoder, publish=False, published=ground.published,
                take=made.append,
            )  # fmt: skip
        return summary, made[0] if made else None

    def _begin(
        self, files: Files, of: Mapping[str, str], snapshot: str, **told: str
    ) -> Publication:
        """Written down with what each file is now, and the guide that it goes with; `told` are who,
        the name and the reason."""
        now = datetime.now(UTC)
        changed = [
            {"path": path, "before": self._raw(path), "after": text, "of": of.get(path, "")}
            for path, text in files.items()
        ]
        name = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        return self._write(
            Publication.model_validate(
                {**told, "id": name, "at": now, "snapshot": snapshot, "files": changed}
            )
        )

    def _carry_out(
        self, begun: Publication, made: Snapshot | None = None, ground: Ground | None = None
    ) -> Publication:
        """Write the files and publish the snapshot, which may be at hand as it was `made`; each
        step may be done again. Where the shared database does not answer nobody knows what it did:
        `recover` settles it."""
        try:
            for file in begun.files:
                self._put(file.path, file.after)
            why = begun.reason or begun.name
            published = self._press.publish(begun.snapshot, why, begun.by, made)
        except (OSError, BussolaError):
            self._take_back(begun)
            raise
        done = self._write(begun.model_copy(update={"state": "done", **self._commit(begun)}))
        if ground:
            ground.serve(published)
        return done

    def _commit(self, done: Publication) -> dict[str, str]:
        """The commit of what was written. What git refuses does not undo a publication: it is
        told, and goes into the next commit of those files."""
        repository = Repository.around(self.guides)
        if repository is None:
            return {}
        message = "\n\n".join(
            part for part in (done.name, done.reason, f"Bussola: {done.id}") if part
        )
        before = {file.path: file.before for file in done.files}
        after = {file.path: file.after for file in done.files}
        author = f"{done.role} <{COMMIT_ADDRESS}>"
        try:
            return {"commit": repository.commit(before, after, author, f"{message}\n")}
        except CommitError as error:
            return {"not_committed": str(error)}

    def _raw(self, path: str) -> str | None:
        try:
            return (self.guides / path).read_bytes().decode()
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            raise BussolaError(_not_text(path)) from None

    def _put(self, path: str, text: str | None) -> None:
        if self._raw(path) != text:
            put(self.guides / path, text)

    def _read(self) -> Iterator[Publication]:
        for name, data in self._kept.all().items():
            if name.endswith(".json"):
                with suppress(ValidationError):
                    yield Publication.model_validate_json(data)

    def _write(self, publication: Publication) -> Publication:
        data = publication.model_dump_json(indent=1).encode()
        self._kept.write(f"{publication.id}.json", data)
        return publication


def _not_text(path: str) -> str:
    return f"{path} non è in UTF-8: salvalo di nuovo scegliendo la codifica UTF-8"
