"""Run the suite: every case through the same Bot that the server calls."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from chatbot.answer import Answer
from chatbot.period import Period
from chatbot.question import Profile, Question, Turn
from eval.runs import verdict
from eval.runs.result import Result, Run, found_citations, found_hits
from eval.suite.case import Case
from eval.suite.folder import digest
from index.publish.snapshot import Snapshot

Progress = Callable[[int, int], None]


class Replies(Protocol):
    """What a run needs of the bot."""

    def reply(self, question: Question, snapshot: Snapshot) -> Answer: ...


def run_suite(
    bot: Replies, snapshot: Snapshot, cases: Sequence[Case], *, seed: int = 0, variant: str = "",
    progress: Progress | None = None,
) -> Run:  # fmt: skip
    """Ask every case of the published snapshot and judge what comes back.

    Cases go through one at a time in a seeded order (so that a cache cannot favour those of one
    theme), results stand in the order of `cases`. Same snapshot, cases and seed give the same
    results but for the latencies. A question of several turns is asked turn by turn, with the
    bot's own answers as history.
    """
    order = list(range(len(cases)))
    random.Random(seed).shuffle(order)
    results: dict[int, Result] = {}
    for done, place in enumerate(order, start=1):
        results[place] = judge(cases[place], ask(bot, snapshot, cases[place]), snapshot)
        if progress:
            progress(done, len(cases))
    found = [results[place] for place in range(len(cases))]
    return run_of(cases, found, snapshot, seed, variant)


def run_of(
    cases: Sequence[Case], results: Sequence[Result], snapshot: Snapshot, seed: int = 0,
    variant: str = "",
) -> Run:  # fmt: skip
    """What was found of `cases`, one result each, as a run of now."""
    now = datetime.now(UTC)
    return Run(
        id=now.strftime("%Y%m%dT%H%M%S%f"), created=now.isoformat(timespec="seconds"),
        snapshot=snapshot.id, digest=digest(cases), seed=seed, variant=variant,
        results=tuple(results),
    )  # fmt: skip


def ask(bot: Replies, snapshot: Snapshot, case: Case) -> Answer:
    """The answer to the last turn of a case, the turns before it asked first."""
    return bot.reply(last_question(bot, snapshot, case), snapshot)


def last_question(bot: Replies, snapshot: Snapshot, case: Case) -> Question:
    """The last turn of a case, with the turns before it and the bot's answers to them."""
    when = case.profile.application_date
    profile = Profile(
        title=case.profile.title,
        application_date=Period(when, when) if when else None,
        municipality=case.profile.municipality,
    )
    history: tuple[Turn, ...] = ()
    for turn in case.turns[:-1]:
        answer = bot.reply(Question(turn, history=history, profile=profile), snapshot)
        history = (*history, Turn("user", turn), Turn("assistant", answer.answer))
    return Question(case.question, history=history, profile=profile)


def judge(case: Case, answer: Answer, snapshot: Snapshot) -> Result:
    """One result: what was said, its scores and its verdict."""
    hits, citations = found_hits(answer), found_citations(answer)
    cited = [citation.section for citation in citations]
    return Result(
        case=case, kind=kind_of(case, snapshot), language=answer.language,
        outcome=answer.outcome, answer=answer.answer, confidence=float(answer.confidence),
        hits=hits, citations=citations,
        scores=verdict.score(case, answer.outcome, answer.answer, hits, citations),
        verdict=verdict.verdict(case, answer.outcome, answer.answer, cited),
        problems=verdict.problems(case, answer.outcome, answer.answer, cited),
        total_ms=float(answer.timings_ms.get("total", 0.0)),
        reasons=tuple(reason.why for reason in answer.reasons),
    )  # fmt: skip


def kind_of(case: Case, snapshot: Snapshot) -> str:
    """The kind of the guide that answers best; "" where no guide is expected to."""
    if not case.passages:
        return ""
    best = max(case.passages, key=lambda section: case.passages[section])
    guide = snapshot.guides.get(best.partition("#")[0])
    return guide.kind if guide else ""
