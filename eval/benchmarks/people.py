"""Questions in people's own manner, asked of the bot as it is served: what
`benchmark people --json` prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from chatbot.bot import Bot
from chatbot.figures import Published
from eval.collections.ask import ask
from eval.collections.item import Item
from eval.collections.score import Score, score
from eval.runs import metrics
from index.publish.snapshot import Snapshot

Progress = Callable[[int, int], None]
DEPTHS = (1, 3, 20)


def benchmark(
    items: Sequence[Item], bot: Bot, snapshot: Snapshot, progress: Progress | None = None
) -> dict[str, Any]:
    """Every item asked; what its answers are worth, in all and by origin, language and length."""
    scores = []
    for done, item in enumerate(items, start=1):
        answer = ask(item, bot, snapshot)
        found = [f"{hit.passage.guide}#{hit.passage.anchor}" for hit in answer.hits]
        scores.append(score(item, answer, found))
        if progress:
            progress(done, len(items))
    return figures(scores)


def figures(scores: Sequence[Score]) -> dict[str, Any]:
    """The measures of scored items."""
    times = [s.total_ms for s in scores]
    quantiles = metrics.quantiles_ms(times)
    dangers = [s for s in scores if s.item.wanted == "emergency"]
    return {
        "n": len(scores),
        **kinds(scores),
        "emergencies": {"n": len(dangers), "right": _share([s.right for s in dangers])},
        "by": {
            "origin": _by(scores, {s.item.id: s.item.origin for s in scores}),
            "language": _by(scores, {s.item.id: s.item.language for s in scores}),
            "length": _by(scores, {s.item.id: "long" if s.item.long else "short" for s in scores}),
        },
        "p50_ms": quantiles["p50_ms"],
        "p95_ms": quantiles["p95_ms"],
    }


def published(figures: Mapping[str, Any], by: str, day: date) -> Published:
    """What the public is told of figures; `by` says who wrote the questions."""
    able, unable = figures["answerable"], figures["unanswerable"]
    return Published(
        by=by, day=day, answerable=able["n"], right=able["right"],
        partly=max(0.0, round(able["some"] - able["right"], 4)), silent=able["silent"],
        unanswerable=unable["n"], rightly_silent=unable["silent"],
    )  # fmt: skip


def kinds(scores: Sequence[Score]) -> dict[str, Any]:
    """What is answered and what is rightly left. `right` is wholly right, `some` right in some
    part; `wrong_given` the part of all answers given that have no part right, those to questions
    without an answer among them; `sure` the part of answers given that are told as such, not as
    what may answer, and `wrong_sure` of these the part with no part right; `units` the parts whose
    best unit is shown."""
    able = [s for s in scores if s.item.answerable]
    unable = [s for s in scores if s.item.wanted == "abstain" and not s.item.injected]
    given = [s for s in able + unable if s.given]
    shown = [shown for s in able for shown in s.shown]
    return {
        "answerable": {
            "n": len(able),
            "right": _share([s.right for s in able]),
            "some": _share([s.some for s in able]),
            "wrong_given": _share([s.wrong for s in given]),
            "sure": _share([s.sure for s in given]),
            "wrong_sure": _share([s.wrong for s in given if s.sure]),
            "silent": _share([not s.given for s in able]),
            "units": _share(shown),
            **{f"hit@{k}": _share([s.rank is not None and s.rank < k for s in able])
               for k in DEPTHS},
        },
        "unanswerable": {"n": len(unable), "silent": _share([s.right for s in unable])},
    }  # fmt: skip


def _by(scores: Sequence[Score], names: Mapping[str, str]) -> dict[str, Any]:
    groups: dict[str, list[Score]] = defaultdict(list)
    for s in scores:
        groups[names[s.item.id]].append(s)
    return {name: kinds(own) for name, own in sorted(groups.items())}


def _share(truths: Sequence[bool]) -> float:
    return round(sum(truths) / len(truths), 4) if truths else 0.0
