"""From files of others to drafts in a folder: the whole way of a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import BussolaError
from index.files import replace_file
from index.intake.bounded import read_bounded
from index.intake.chapters import Chapter, chapters_of
from index.intake.document import Document, IntakeError, Loss
from index.intake.draft import Proposals, draft_of
from index.intake.nearness import Nearness
from index.intake.questions import proposed, sections_of
from index.network import Network
from index.parse.frontmatter import URL
from index.parse.guide_file import parse_guide
from index.parse.walk import MAX_BYTES, guide_files, slug_of

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class MadeGuide:
    """A guide that was proposed, and what of its document it does not have."""

    path: Path
    text: str
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """The folder of the drafts, and that of the guides with their network."""

    folder: Path
    guides: Path
    network: Network

    def taken(self) -> list[str]:
        """Names that a guide has: in addresses there is one of each."""
        return (
            [slug_of(path) for path in guide_files(self.guides)[0]] if self.guides.is_dir() else []
        )


def take_in(
    file: Path,
    where: Where,
    nearness: Nearness | None,
    divided: bool = False,
    address: str = "",
    progress: Progress | None = None,
) -> list[MadeGuide]:
    """The drafts of a document, not yet written; `address` is where it was got, when it does not
    say. Raises IntakeError."""
    if address and not URL.fullmatch(address):
        raise IntakeError(f"«{address}» non è un indirizzo: deve cominciare con http:// o https://")
    document = read_bounded(file, progress)
    if address:
        document = replace(document, address=address)
    otherwise = " ".join(file.stem.replace("_", " ").replace("-", " ").split()).capitalize()
    chapters = chapters_of(document, otherwise or "Documento", divided, where.taken())
    return [_drafted(chapter, document, file, where, nearness) for chapter in chapters]


def _drafted(
    chapter: Chapter, document: Document, file: Path, where: Where, nearness: Nearness | None
) -> MadeGuide:
    proposals = _proposals(chapter, nearness, where.network)
    today = where.network.today()
    text = draft_of(chapter, document, file.name, proposals, where.network, today)
    if len(text.encode()) > MAX_BYTES:
        raise IntakeError("ne verrebbe una guida troppo lunga: usa --by-chapter, o dividilo")
    path = where.folder / f"{chapter.name}.md"
    _, findings = parse_guide(text.encode(), path.name, where.network)
    told = [
        Loss("da correggere", f"riga {f.line} della bozza", f.message)
        for f in findings
        if f.rule != "required"
    ]
    return MadeGuide(path, text, (*chapter.losses, *told))


def _proposals(chapter: Chapter, nearness: Nearness | None, network: Network) -> Proposals:
    questions: dict[str, Sequence[str]] = {}
    for section in sections_of(chapter):
        near = nearness.asked_near(section, chapter.title) if nearness else []
        questions[section.anchor] = list(dict.fromkeys([*proposed(section, chapter.title), *near]))
    needs = nearness.needs_of(chapter, network) if nearness else []
    return Proposals(needs, questions)


def write_drafts(drafts: Sequence[MadeGuide]) -> None:
    """All, or none where one is there already. Raises BussolaError."""
    there = [draft.path.as_posix() for draft in drafts if draft.path.exists()]
    if there:
        raise BussolaError(f"C'è già {', '.join(there)}: spostalo, o scegli un'altra cartella")
    for draft in drafts:
        draft.path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(draft.path, draft.text.encode())
