"""What the editors decided of a single question, and what they say before the answers of a guide or
a need until a day. They are files of the network: checked, published and taken back as guides are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.answer import Hit
from chatbot.judge.ruling import Asked, Ruling
from chatbot.read.evidence import MAX_UNITS, Evidence, quotable
from index.letters import fold
from index.network import Decision, Network

NEAR = 3  # passages that are told as near, whose guides may have a notice too
_WORD = re.compile(r"\w+")


def decided(asked: Asked, ruling: Ruling) -> Ruling:
    """A question written in one of the ways of a decision has the section chosen for it, or the
    office to turn to; whatever was found and whatever the rules before made of it."""
    decision = decision_on(asked.query.written, asked.snapshot.network)
    if decision is None:
        return ruling
    if not decision.section:
        return ruling.because(
            "decisa", "la redazione ha deciso a chi rivolgersi per questa domanda",
            outcome="no_answer", evidence=(), refer_to=decision.refer_to, asks=None, offers=None,
        )  # fmt: skip
    chosen = _section(asked, ruling, decision.section)
    if not chosen:
        return ruling
    return ruling.because(
        "decisa", f"la redazione ha deciso che a questa domanda risponde «{decision.section}»",
        outcome="answered", evidence=chosen, chances=(1.0,) * len(ruling.chances), silent=(),
        sure=True, asks=None, offers=None,
    )  # fmt: skip


def decision_on(question: str, network: Network) -> Decision | None:
    """By the same words: capitals, accents and punctuation do not count."""
    words = plain_words(question)
    return next(
        (one for one in network.decisions if words in map(plain_words, one.questions)), None
    )


def plain_words(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _section(asked: Asked, ruling: Ruling, section: str) -> Sequence[Evidence]:
    """The units of a section: those that were read as answering, else the first that can be
    quoted, all for the first thing asked."""
    guide, _, anchor = section.partition("#")
    read = [p for p in ruling.evidence if _at(p.hit, guide, anchor)]
    if read:
        return read
    found = {hit.passage.id: hit for hit in asked.found.hits}
    return [
        Evidence(found.get(passage.id, Hit(passage)), unit, at, 0.0)
        for passage in asked.snapshot.passages
        if (passage.guide, passage.anchor) == (guide, anchor)
        for at, unit in enumerate(passage.units)
        if quotable(unit)
    ][:MAX_UNITS]


def _at(hit: Hit, guide: str, anchor: str) -> bool:
    return (hit.passage.guide, hit.passage.anchor) == (guide, anchor)


def noticed(asked: Asked, ruling: Ruling) -> Ruling:
    """The notices of the guides that answer, or are near, and of their needs, until their day."""
    hits = [piece.hit for piece in ruling.evidence]
    if ruling.outcome == "related":
        hits += asked.found.hits[:NEAR]
    guides = [
        guide
        for slug in {hit.passage.guide for hit in hits}
        if (guide := asked.snapshot.guides.get(slug))  # a corpus has passages of no guide
    ]
    slugs, needs = {g.slug for g in guides}, {need for g in guides for need in g.needs}
    today = asked.today or asked.snapshot.network.today()
    for notice in asked.snapshot.network.notices:
        concerned = slugs & set(notice.guides) or needs & set(notice.needs)
        if concerned and today <= notice.until:
            ruling = ruling.because(
                "avviso", f"la redazione ha messo un avviso fino al {notice.until:%d/%m/%Y}",
                notices=(*ruling.notices, notice.text),
            )  # fmt: skip
    return ruling
