"""An answer as Markdown that stands by itself: marks become links, sources and next steps follow.

A chat of others shows text alone: what our own page draws beside the answer is written below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot.http.messages import AnswerOut, CitationOut
from chatbot.http.proposed import ProposedOut
from chatbot.pages.texts import load_texts
from chatbot.say.wording import texts
from index.parse.cited import escape

_MARK = re.compile(r"(?<!\\)\[(\d+)\](?!\()")
_OWN_LINK = re.compile(r"\]\((/[^)\s]*)\)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in the text: the characters from `start` to `end` are a link to `citation`."""

    start: int
    end: int
    citation: CitationOut


def linked(answer: AnswerOut, base: str) -> tuple[str, tuple[Mark, ...]]:
    """The Markdown of an answer, its addresses made whole with `base`, and its marks in order."""
    known = {citation.n: citation for citation in answer.citations}
    marks: list[Mark] = []
    opening = _opening(answer)
    parts = [opening]
    length, last = len(opening), 0
    text = _OWN_LINK.sub(lambda own: f"]({base}{own[1]})", answer.answer)
    for found in _MARK.finditer(text):
        citation = known.get(int(found[1]))
        if citation is None:
            continue
        before = text[last : found.start()]
        link = f"[\\[{citation.n}\\]]({base}{citation.url})"
        marks.append(Mark(length + len(before), length + len(before) + len(link), citation))
        parts += [before, link]
        length, last = length + len(before) + len(link), found.end()
    parts.append(text[last:])
    return "".join(parts) + _below(answer, base), tuple(marks)


def _opening(answer: AnswerOut) -> str:
    """What our page says above an answer that is not sure; nothing above others."""
    if answer.outcome != "answered" or answer.sure:
        return ""
    return f"*{load_texts(answer.language).widget['outcome_perhaps']}.*\n\n"


def _below(answer: AnswerOut, base: str) -> str:
    """What may be answered back, where it comes from, what to do next."""
    words = texts(answer.language)
    blocks = [[f"- {escape(reply.label)}" for reply in answer.quick_replies]]
    blocks.append([_source(citation, base, words["verified"]) for citation in answer.citations])
    proposed: tuple[ProposedOut, ...] = (*answer.scripts, *answer.services)
    blocks.append([f"- [{escape(one.title)}]({base}{one.url})" for one in proposed])
    titles = ("", words["sources"], words["next"])
    shown = [
        (f"**{title}**\n\n" if title else "") + "\n".join(lines)
        for title, lines in zip(titles, blocks, strict=True)
        if lines
    ]
    return "".join(f"\n\n{block}" for block in shown)


def _source(citation: CitationOut, base: str, verified: str) -> str:
    path = " › ".join(dict.fromkeys([citation.title, *citation.heading_path]))
    day = f", {verified} {citation.verified_on}" if citation.verified_on else ""
    return f"- \\[{citation.n}\\] [{escape(path)}]({base}{citation.url}){day}"
