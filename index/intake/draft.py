"""The guide that is proposed of a chapter: a draft, until an editor has read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from index.intake.chapters import Chapter
from index.intake.document import Document
from index.intake.pieces import Piece, markdown_of
from index.network import Network
from index.parse.frontmatter import DRAFT, URL

MOST_TITLE = 500  # characters
MOST_TOLD = 200  # losses written into the draft; the report has them all
_CHOOSE = (
    "Da scrivere prima di pubblicare: per_chi, responsabile, rivedere_entro. Poi togli «stato»."
)
_QUESTIONS = "Domande che possono portare alle sezioni: togli «# » davanti a quelle giuste."
_LOSSES = "Che cosa il documento ha e la bozza no, o ha in altro modo; guarda l'originale:"


@dataclass(frozen=True, slots=True)
class Proposals:
    """What an editor is spared looking for."""

    needs: Sequence[str] = ()
    questions: Mapping[str, Sequence[str]] | None = None  # by anchor


def draft_of(
    chapter: Chapter,
    document: Document,
    file_name: str,
    proposals: Proposals,
    network: Network,
    today: date,
) -> str:
    """The text of a guide with `stato: bozza`. It is not published as long as it says so."""
    title = _one_line(chapter.title)
    lines = ["---", *_front_matter(title, document, file_name, proposals, today)]
    if network.level("required") != "no":
        lines.append(f"# {_CHOOSE}")
    lines += _comments(_QUESTIONS, _questions(proposals))
    told = [f"- {_one_line(str(loss))}" for loss in chapter.losses]
    more = [f"- e altre {len(told) - MOST_TOLD}"] if len(told) > MOST_TOLD else []
    lines += _comments(_LOSSES, [*told[:MOST_TOLD], *more])
    heading = markdown_of([Piece(title)], one_line=True).replace("{", "\\{")
    if heading.endswith("#"):
        heading = heading[:-1] + "\\#"
    lines += ["---", "", f"# {heading}", ""]
    for block in chapter.blocks:
        mark = f"{'#' * block.level} " if block.level else ""
        lines += [f"{mark}{block.markdown}" + f" {{#{block.anchor}}}" * bool(mark), ""]
    return "\n".join(lines).rstrip() + "\n"


def _front_matter(
    title: str, document: Document, file_name: str, proposals: Proposals, today: date
) -> Iterator[str]:
    source: dict[str, str] = {"titolo": _source(document, title, file_name)}
    if URL.fullmatch(document.address):
        source["url"] = document.address
    keys: dict[str, object] = {"titolo": title, "tipo": "scheda"}
    if proposals.needs:
        keys["bisogni"] = list(proposals.needs)
    keys |= {"verificato_il": today, "fonti": [source], "stato": DRAFT}
    yield from _yaml(keys)


def _source(document: Document, title: str, file_name: str) -> str:
    """What is said of where a draft comes from: whose page, or which file."""
    name = _one_line(document.title or title, MOST_TITLE - 100)
    return f"{name} ({_one_line(document.publisher or file_name, 90)})"


def _questions(proposals: Proposals) -> list[str]:
    asked = {anchor: list(found) for anchor, found in (proposals.questions or {}).items() if found}
    return _yaml({"domande": asked}) if asked else []


def _comments(about: str, lines: Sequence[str]) -> Iterator[str]:
    yield from (f"# {line}" for line in ((about, *lines) if lines else ()))


def _yaml(data: Mapping[str, object]) -> list[str]:
    text = yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False, width=10**6)
    return str(text).splitlines()


def _one_line(text: str, most: int = MOST_TITLE) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
