"""The answer: units verbatim, each with its mark, and the citations behind the marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from urllib.parse import quote

from chatbot.answer import Citation, Reference
from chatbot.read.evidence import Evidence
from chatbot.words.yes_no import says_whether
from index.guide import Guide, Unit
from index.passage import Passage

MAX_LINKED = 3


def citation_url(passage: Passage, units: Sequence[Unit]) -> str:
    """`/guide/slug?cita=key-key#anchor`: the page marks the units with these keys."""
    keys = "-".join(unit.key for unit in units)
    return f"/guide/{passage.guide}?cita={keys}#{quote(passage.anchor)}"


def runs(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Evidence grouped by passage, best passage first, and within it into runs of neighbours in
    reading order: one citation each."""
    best = list(dict.fromkeys(e.hit.passage.id for e in evidence))
    ordered = sorted(evidence, key=lambda e: (best.index(e.hit.passage.id), e.position))
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


def compose(
    evidence: Sequence[Evidence], guides: Mapping[str, Guide], after: int = 0
) -> tuple[str, tuple[Citation, ...]]:
    """Markdown made of the units, with marks [1] [2], and a citation for each mark; marks go on
    from those `after` which they stand."""
    text, citations = "", []
    before: Evidence | None = None
    for n, run in enumerate(runs(evidence), start=after + 1):
        units = [piece.unit for piece in run]
        citations.append(cite(n, run[0].hit.passage, units, guides))
        goes_on = before is not None and _same_list(before, run[0])
        shown = _asked(run[0].hit.passage, units[0]) + _show(units, n, lead_in=not goes_on)
        text += ("\n" if goes_on else "\n\n" if text else "") + shown
        before = run[-1]
    return text, tuple(citations)


def _asked(passage: Passage, unit: Unit) -> str:
    """The heading that a «Sì» or a «No» answers, before it: alone it would seem to answer what the
    operator asked, which may be another thing."""
    heading = passage.heading_path[-1] if passage.heading_path else ""
    return f"*{escape(heading)}* " if heading.endswith("?") and says_whether(unit.text) else ""


def _same_list(before: Evidence, piece: Evidence) -> bool:
    """Items of one list with others between them: the lead-in is said once."""
    return (
        before.hit.passage.id == piece.hit.passage.id
        and before.unit.block == piece.unit.block
        and before.unit.kind == piece.unit.kind == "item"
        and before.unit.lead == piece.unit.lead
    )


def cite(n: int, passage: Passage, units: Sequence[Unit], guides: Mapping[str, Guide]) -> Citation:
    guide = guides[passage.guide]
    separator = " " if units[0].kind == "sentence" else "\n"
    return Citation(
        n=n,
        guide=guide.slug,
        title=guide.title,
        heading_path=passage.heading_path,
        url=citation_url(passage, units),
        quote=separator.join(unit.text for unit in units),
        verified_on=guide.verified_on,
        review_by=guide.review_by,
        sources=guide.sources,
    )


def _show(units: Sequence[Unit], n: int, lead_in: bool = True) -> str:
    """Units of one run; a list keeps its lead-in, a row the header of its columns."""
    lines: list[str] = []
    for lead, group in groupby(units, key=lambda unit: unit.lead):
        for unit in group:
            text = escape(unit.text)
            if unit.kind == "row":
                lines.append(f"- {_show_row(unit)} [{n}]")
            elif unit.kind == "item":
                if lead and lead_in and not any(escape(lead) in line for line in lines):
                    lines.extend([f"{escape(lead)} [{n}]", ""])
                lines.append(f"- {text} [{n}]")
            else:
                lines.append(f"{text} [{n}]")
    joined = "\n".join(lines)
    return joined if "\n-" in joined or joined.startswith("-") else " ".join(lines)


def _show_row(unit: Unit) -> str:
    """«Documento: permesso; Basta?: sì», so that a row reads without its table."""
    cells, headers = unit.text.split(" | "), unit.lead.split(" | ")
    if len(cells) != len(headers):
        return escape(unit.text)
    pairs = zip(headers, cells, strict=True)
    return "; ".join(f"{escape(h.rstrip(':'))}: {escape(c)}" if h else escape(c) for h, c in pairs)


def escape(text: str) -> str:
    """Text as it stands, whatever Markdown it looks like."""
    special = "\\`*_[]<>#|{}~!"
    return "".join(f"\\{c}" if c in special else c for c in text)


def link(guide: Guide, anchor: str = "", **detail: object) -> Reference:
    """A guide proposed beside the answer."""
    url = f"/guide/{guide.slug}" + (f"#{anchor}" if anchor else "")
    return Reference(guide.slug, guide.title, url, dict(detail))
