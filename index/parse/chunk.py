"""Sections to passages: whole when they fit, cut between units when they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from index.guide import Guide, Section, Unit
from index.parse.planted import for_readers
from index.passage import Passage, Role

MAX_TOKENS = 350
PLAIN_ANCHOR = "parole-semplici"

CountTokens = Callable[[str], int]


def chunk_guide(guide: Guide, count_tokens: CountTokens, budget: int = MAX_TOKENS) -> list[Passage]:
    """The passages of a guide, in reading order; `budget` is in tokens of embedded text."""
    return [
        passage
        for section in guide.sections
        for passage in chunk_section(guide, section, count_tokens, budget)
    ]


def chunk_section(
    guide: Guide, section: Section, count_tokens: CountTokens, budget: int
) -> Iterator[Passage]:
    """A list or a table that goes on in another part takes its lead-in or header along. What is
    meant for a program stays out."""
    readable = for_readers(section.units)
    if not readable:
        return
    heading = heading_text(guide.title, section.heading_path)
    for part, units in enumerate(_split(readable, heading, count_tokens, budget)):
        text = shown_text(units)
        yield Passage(
            id=f"{guide.slug}#{section.anchor}:{part}",
            guide=guide.slug,
            anchor=section.anchor,
            part=part,
            role=_role(guide, section),
            heading_path=section.heading_path,
            text=text,
            embedded=f"{heading}\n{text}",
            units=units,
            line=section.line,
            last_line=section.last_line,
            questions=section.questions,
        )


def heading_text(title: str, path: Sequence[str]) -> str:
    """Title and heading path in one line, the title once."""
    return " › ".join([title, *(heading for heading in path if heading != title)])


def shown_text(units: Sequence[Unit]) -> str:
    """The visible text of `units`: sentences run on, items and rows one a line, lead-ins and
    headers that stand outside `units` put back before what they introduce."""
    lines: list[str] = []
    previous: Unit | None = None
    for unit in units:
        new_block = previous is None or unit.block != previous.block
        introduced = not new_block and previous is not None and previous.lead == unit.lead
        just_said = previous is not None and previous.text == unit.lead
        if unit.lead and not introduced and not just_said:
            lines.append(_row(unit.lead) if unit.kind == "row" else unit.lead)
        if unit.kind == "item":
            lines.append(f"- {unit.text}")
        elif unit.kind == "row":
            lines.append(_row(unit.text))
        elif new_block or unit.kind == "code":
            lines.append(unit.text)
        else:
            lines[-1] += f" {unit.text}"
        previous = unit
    return "\n".join(lines)


def _row(cells: str) -> str:
    return f"| {cells} |"


def _role(guide: Guide, section: Section) -> Role:
    if section.anchor == PLAIN_ANCHOR:
        return "plain"
    if guide.kind == "servizio" and section.anchor == "contatti":
        return "contact"
    roles: dict[str, Role] = {"copione": "step", "glossario": "term"}
    return roles.get(guide.kind, "body")


def _split(
    units: Sequence[Unit], heading: str, count_tokens: CountTokens, budget: int
) -> Iterator[tuple[Unit, ...]]:
    if count_tokens(f"{heading}\n{shown_text(units)}") <= budget:
        yield tuple(units)
        return
    part: list[Unit] = []
    for unit in units:
        if part and count_tokens(f"{heading}\n{shown_text([*part, unit])}") > budget:
            carried = _lead_ins_at_end(part, unit)
            if len(carried) < len(part):
                yield tuple(part[: len(part) - len(carried)])
                part = carried
        part.append(unit)
    yield tuple(part)


def _lead_ins_at_end(part: list[Unit], following: Unit) -> list[Unit]:
    """The lead-in that ends `part` belongs with the list that follows it."""
    return [part[-1]] if following.lead and part[-1].text == following.lead else []
