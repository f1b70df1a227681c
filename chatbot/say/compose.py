"""The answer: units verbatim, each with its mark, and the citations behind the marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from urllib.parse import quote

from chatbot.answer import Citation
from chatbot.read.evidence import Evidence
from chatbot.words.yes_no import says_whether
from index.guide import Guide, Unit
from index.parse.cited import Shown, escape, section_html, shown_units
from index.passage import Passage

__all__ = ["citation_url", "cite", "compose", "escape", "first_units", "runs", "show", "url_of"]

FIRST = 2  # units that are read before anything else


def citation_url(passage: Passage, units: Sequence[Unit], guide: Guide) -> str:
    """`/guide/slug?cita=key-key#anchor`: the page marks the units with these keys; where another
    section of the guide says the same, `&sezione=anchor` names the one that is cited."""
    keys = [unit.key for unit in units]
    anchor = quote(passage.anchor)
    elsewhere = any(
        unit.key in keys
        for section in guide.sections
        if section.anchor != passage.anchor
        for unit in section.units
    )
    within = f"&sezione={anchor}" if elsewhere else ""
    return f"/guide/{passage.guide}?cita={'-'.join(keys)}{within}#{anchor}"


def runs(evidence: Sequence[Evidence], as_given: bool = False) -> list[list[Evidence]]:
    """Evidence grouped by passage, best passage first, and within it into runs of neighbours in
    reading order: one citation each. Evidence `as_given` is not put in order."""
    best = list(dict.fromkeys(e.hit.passage.id for e in evidence))
    ordered = list(evidence)
    if not as_given:
        ordered.sort(key=lambda e: (best.index(e.hit.passage.id), e.position))
    found: list[list[Evidence]] = []
    for piece in ordered:
        if found and _follows(found[-1][-1], piece):
            found[-1].append(piece)
        else:
            found.append([piece])
    return found


def _follows(before: Evidence, piece: Evidence) -> bool:
    return (
        before.hit.passage.id == piece.hit.passage.id
        and piece.position == before.position + 1
        and before.unit.block == piece.unit.block
    )


def first_units(evidence: Sequence[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """What is read first, and the rest: the best unit for each thing asked, then the next best, up
    to FIRST; those first are in reading order where they stand in one block."""
    asked = list(dict.fromkeys(piece.asked for piece in evidence))
    turns = [[p for p in evidence if p.asked == one] for one in asked]
    inturn = [own[n] for n in range(FIRST) for own in turns if n < len(own)]
    first = inturn[:FIRST]
    if len({(p.hit.passage.id, p.unit.block) for p in first}) == 1:
        first.sort(key=lambda p: p.position)
    return first, [piece for piece in evidence if piece not in first]


def compose(
    evidence: Sequence[Evidence],
    guides: Mapping[str, Guide],
    after: int = 0,
    as_given: bool = False,
) -> tuple[str, tuple[Citation, ...]]:
    """Markdown made of the units, with marks [1] [2], and a citation for each mark; marks go on
    from those `after` which they stand. Units `as_given` keep their order."""
    text, citations = "", []
    before: Evidence | None = None
    shown = _Shower(guides)
    for n, run in enumerate(runs(evidence, as_given), start=after + 1):
        passage, units = run[0].hit.passage, [piece.unit for piece in run]
        citations.append(cite(n, passage, units, guides))
        goes_on = before is not None and _same_list(before, run[0])
        said = _asked(passage, units[0]) + shown.show(passage, units, n, lead_in=not goes_on)
        text += ("\n" if goes_on else "\n\n" if text else "") + said
        before = run[-1]
    return text, tuple(citations)


def _asked(passage: Passage, unit: Unit) -> str:
    """The heading that a «Sì» or a «No» answers, before it: alone it would seem to answer what the
    operator asked, which may be another thing."""
    heading = passage.heading_path[-1] if passage.heading_path else ""
    if unit.kind == "row" or not heading.endswith("?") or not says_whether(unit.text):
        return ""
    return f"*{escape(heading)}*" + (" " if unit.kind == "sentence" else "\n\n")


def _same_list(before: Evidence, piece: Evidence) -> bool:
    """Items of one list with others between them: the lead-in is said once."""
    return (
        before.hit.passage.id == piece.hit.passage.id
        and before.unit.block == piece.unit.block
        and before.unit.kind == piece.unit.kind == "item"
        and before.unit.lead == piece.unit.lead
    )


def cite(
    n: int,
    passage: Passage,
    units: Sequence[Unit],
    guides: Mapping[str, Guide],
    lit: bool = True,
) -> Citation:
    """The citation of `units`, lit in the text of their section; where they answer nothing, as in
    passages that are only near, they are not `lit`."""
    guide = guides[passage.guide]
    separator = " " if units[0].kind == "sentence" else "\n"
    keys = [unit.key for unit in units] if lit else []
    return Citation(
        n=n,
        guide=guide.slug,
        title=guide.title,
        heading_path=passage.heading_path,
        url=citation_url(passage, units, guide),
        quote=separator.join(unit.text for unit in units),
        verified_on=guide.verified_on,
        review_by=guide.review_by,
        sources=guide.sources,
        passage_html=section_html(guide, passage, keys, guides.values()),
    )


def show(passage: Passage, n: int, guides: Mapping[str, Guide]) -> str:
    """All the units of a passage as Markdown, each with the mark `n`."""
    shown = _Shower(guides)
    blocks = groupby(passage.units, key=lambda unit: unit.block)
    parts = [shown.show(passage, list(units), n, lead_in=False) for _, units in blocks]
    return "\n\n".join(parts)


class _Shower:
    """Units of the passages of `guides` as Markdown: their links live on, the steps keep their
    numbers, the rows their columns."""

    def __init__(self, guides: Mapping[str, Guide]) -> None:
        self._guides = guides
        self._known: dict[str, Mapping[str, Shown]] = {}

    def show(self, passage: Passage, units: Sequence[Unit], n: int, lead_in: bool = True) -> str:
        """Units of one run; a list keeps its lead-in."""
        lines: list[str] = []
        led: set[str] = set() if lead_in else {unit.lead for unit in units}
        before, delimiter = Shown(()), ".)"[n % 2 - 1]
        for unit in units:
            shown = self._shown(passage, unit)
            if unit.kind == "row":
                lines += _row(shown, n, headed=before.header != shown.header)
            elif unit.kind == "item":
                if unit.lead and unit.lead not in led:
                    led.add(unit.lead)
                    lines += [f"{escape(unit.lead)} [{n}]", ""]
                if shown.number and not _follows_on(before, shown):
                    delimiter = ".)"[delimiter == "."]
                bullet = f"{shown.number}{delimiter}" if shown.number else "-"
                lines.append(f"{bullet} {shown.cells[0]} [{n}]")
            else:
                lines.append(f"{shown.cells[0]} [{n}]")
            before = shown
        return ("\n" if any(unit.kind != "sentence" for unit in units) else " ").join(lines)

    def _shown(self, passage: Passage, unit: Unit) -> Shown:
        if passage.id not in self._known:
            guide = self._guides[passage.guide]
            self._known[passage.id] = shown_units(guide, passage, self._guides.values())
        return self._known[passage.id].get(unit.key) or Shown((escape(unit.text),))


def _follows_on(before: Shown, shown: Shown) -> bool:
    """Whether a list that counts by itself gets to the number of an item. Where it does not, the
    item has the other delimiter, and begins another list."""
    return not before.number or before.number == str(int(shown.number) - 1)


def _row(shown: Shown, n: int, headed: bool) -> list[str]:
    """A row of a small table, under the header of its columns."""
    if len(shown.header) != len(shown.cells):
        return [f"- {' | '.join(shown.cells)} [{n}]"]
    row = f"| {' | '.join(shown.cells)} [{n}] |"
    head = [f"| {' | '.join(shown.header)} |", "|" + " --- |" * len(shown.header)]
    return [*head, row] if headed else [row]


def url_of(guide: Guide, anchor: str = "") -> str:
    """Where a guide, or a place in it, is read."""
    return f"/guide/{guide.slug}" + (f"#{anchor}" if anchor else "")
