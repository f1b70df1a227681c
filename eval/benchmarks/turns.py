"""What a message is before it is a question: a danger, a follow-up, a courtesy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chatbot.bot import Bot
from chatbot.question import Question
from eval.beir import read_jsonl
from eval.fitting.danger import Situation, read_dangers, signs_of
from eval.fitting.follows import read_pairs, told_apart
from index.publish.snapshot import Snapshot


def benchmark(
    dangers: Path, followups: Path, talk: Path, snapshot: Snapshot, bot: Bot
) -> dict[str, Any]:
    """Dangers found and calm sentences that took a card, by kind; the part of pairs of turns told
    apart; courtesies told, and questions taken for one."""
    rows = read_jsonl(talk, ("text", "smalltalk"))
    said = [bool(row["smalltalk"]) for row in rows]
    told = [bot.is_talk(Question(str(row["text"])), snapshot) for row in rows]
    return {
        "dangers": _dangers(read_dangers(dangers), snapshot, bot),
        "followups": {"told apart": round(told_apart(read_pairs(followups), snapshot, bot), 3)},
        "small_talk": {
            "n": sum(said),
            "found": sum(t for s, t in zip(said, told, strict=True) if s),
            "too_many": sum(t for s, t in zip(said, told, strict=True) if not s),
        },
    }


def _dangers(situations: list[Situation], snapshot: Snapshot, bot: Bot) -> dict[str, Any]:
    guard = bot.prepare(snapshot).guard
    signs = signs_of(situations, snapshot, bot)
    shown = [guard.danger(row, bot.weights) for row in signs]
    kinds = sorted({s.kind for s in situations if s.danger})
    return {
        "n": sum(s.danger for s in situations),
        "found": sum(c for s, c in zip(situations, shown, strict=True) if s.danger),
        "calm": sum(not s.danger for s in situations),
        "too_many": sum(c for s, c in zip(situations, shown, strict=True) if not s.danger),
        "by_kind": {
            kind: [sum(c for s, c in zip(situations, shown, strict=True) if s.kind == kind),
                   sum(s.kind == kind for s in situations)]
            for kind in kinds
        },
    }  # fmt: skip
