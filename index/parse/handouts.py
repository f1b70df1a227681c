"""The folder `traduzioni/` of the guides: plain-words boxes in other languages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from index.finding import Finding, has_error
from index.guide import Guide, Handout, Section
from index.letters import fold
from index.parse.chunk import PLAIN_ANCHOR
from index.parse.frontmatter import RULE, Text, read_keys, validated
from index.parse.guide_file import (
    NO_FRONT_MATTER,
    has_front_matter,
    read_tokens,
    source_digest,
)
from index.parse.units import unit_key
from index.parse.walk import TRANSLATIONS, translation_files
from index.parse.yaml_lines import line_of


class HandoutModel(BaseModel):
    """The front matter of a translation; its languages are those that the pages speak."""

    model_config = ConfigDict(extra="forbid")
    titolo: Text
    lingua: Literal["en", "fr", "es", "ar", "uk"]
    impronta: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
    stato: Literal["tradotto, non riletto da madrelingua", "tradotto, riletto da madrelingua"]

    @property
    def proofread(self) -> bool:
        return self.stato == "tradotto, riletto da madrelingua"


def plain_box(guide: Guide) -> Section | None:
    """The section «In parole semplici», or None."""
    for section in guide.sections:
        if section.anchor == PLAIN_ANCHOR or fold(section.heading_path[-1]) == "in parole semplici":
            return section
    return None


def fingerprint(box: Section) -> str:
    """Twelve hexadecimal digits naming a box by its words; blanks do not count."""
    return unit_key(" ".join(unit.text for unit in box.units))


def read_handouts(
    guides_dir: Path, known: Mapping[str, Handout] = MappingProxyType({})
) -> tuple[list[Handout], list[Finding]]:
    """Parse all the translations of a folder of guides; one that cannot be parsed becomes
    findings and does not stop the others. One whose bytes are those that the one `known` at its
    path was parsed from is not parsed again."""
    handouts: list[Handout] = []
    paths, findings = translation_files(guides_dir)
    for path in paths:
        try:
            handout, told = _read((guides_dir / path).read_bytes(), path, known.get(path))
        except OSError as error:
            handout, told = None, [Finding(path, 1, f"il file non si legge: {error.strerror}")]
        findings += told
        if handout is not None:
            handouts.append(handout)
    return handouts, findings


def _read(data: bytes, path: str, known: Handout | None) -> tuple[Handout | None, list[Finding]]:
    if known is not None and known.digest == source_digest(data):
        return known, []
    return parse_handout(data, path)


def parse_handout(data: bytes, path: str) -> tuple[Handout | None, list[Finding]]:
    """Parse the bytes of the translation at `path` (relative to the folder of the guides)."""
    text, tokens, told = read_tokens(data, path)
    if has_error(told):
        return None, told
    if not has_front_matter(tokens):
        return None, [Finding(path, 1, NO_FRONT_MATTER, RULE)]
    keys, node, of_keys = read_keys(tokens[0].content, path, 2)
    told += of_keys
    if keys is None:
        return None, told
    model, wrong = validated(HandoutModel, keys, node, path, 2)
    if model is None:
        return None, [*told, *wrong]
    slug = PurePosixPath(path).stem
    place = f"{TRANSLATIONS}/{model.lingua}/{slug}.md"
    if path != place:
        line = 2 + line_of(node, ("lingua",))
        message = f"una traduzione con «lingua: {model.lingua}» sta in {place}"
        return None, [Finding(path, line, message, RULE)]
    if len(tokens) == 1:
        return None, [Finding(path, 1, "sotto l'intestazione manca la traduzione", RULE)]
    handout = Handout(
        guide=slug,
        language=model.lingua,
        path=path,
        title=model.titolo,
        markdown=text,
        made_from=model.impronta,
        proofread=model.proofread,
        digest=source_digest(data),
    )
    return handout, told
