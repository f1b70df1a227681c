"""Questions by others, asked of what is published and of a draft."""

from __future__ import annotations

from typing import Any

from chatbot.answer import OUTCOME_WORDS, Answer
from eval.collections.ask import ask
from eval.collections.item import Item, read_collection
from eval.collections.register import read_register
from eval.collections.score import Score, score
from eval.runs.result import found_hits
from eval.runs.run import Replies
from index.publish.snapshot import Snapshot

KIND, USE = "domande", "scelta"


def questions_of_others() -> tuple[Item, ...]:
    """Those of the register that ask the published guides and may be read: a question of a test
    that an editor reads proves nothing any more."""
    return tuple(
        item
        for one in read_register()
        if one.kind == KIND and one.use == USE and one.guides is None and one.path.is_file()
        for item in read_collection(one.path)
    )


def sections_of(item: Item) -> frozenset[str]:
    return item.gold | item.partial


def pair_of(item: Item, bot: Replies, before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """What becomes of a question, in the form of the cases of an impact."""
    now, then = (ask(item, bot, snapshot) for snapshot in (before, after))
    was, will = (score(item, one, [hit.section for hit in found_hits(one)]) for one in (now, then))
    change = level(will) - level(was)
    same = "same" if now.answer == then.answer else "changed"
    return {
        "id": item.id, "question": " / ".join(item.turns), "by": "persona",
        "effect": "better" if change > 0 else "worse" if change < 0 else same,
        "before": _side(now, was), "after": _side(then, will),
    }  # fmt: skip


def level(found: Score) -> int:
    """From the most harmful: a wrong answer, none where one was due, a part of one, a right one."""
    if found.right:
        return 3
    if found.some:
        return 2
    return 0 if found.given else 1


_WORDS = ("sbagliata", "mancata", "giusta in parte", "giusta")


def _side(answer: Answer, found: Score) -> dict[str, str]:
    word = f"{_WORDS[level(found)]} ({OUTCOME_WORDS[answer.outcome]})"
    return {"verdict": answer.outcome, "word": word, "answer": answer.answer}
