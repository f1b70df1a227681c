"""An answer as Markdown that stands by itself."""

from __future__ import annotations

import uuid

import pytest

from chatbot.answer import Answer, Citation, Outcome
from chatbot.doors.linked import linked
from chatbot.http.messages import answer_out


def made(outcome: Outcome, sure: bool, language: str = "it") -> Answer:
    cited = Citation(1, "conto", "Conto", ("Chi",), "/guide/conto#chi", "Può.", None, None)
    return Answer(
        id=uuid.uuid4().hex, outcome=outcome, answer="Può. [1]", citations=(cited,), hits=(),
        scripts=(), services=(), related_questions=(), confidence=0.5, language=language,
        snapshot="s", timings_ms={}, sure=sure,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "sure", "language", "opening"),
    [
        ("answered", True, "it", ""),
        ("answered", False, "it", "*Forse risponde: leggi la fonte.*\n\n"),
        ("answered", False, "en", "*This may answer: read the source.*\n\n"),
        ("related", False, "it", ""),
    ],
)
def test_what_only_may_answer_says_so_first(
    outcome: Outcome, sure: bool, language: str, opening: str
) -> None:
    """A chat of others shows the text alone; the marks are where they say."""
    text, (mark,) = linked(answer_out(made(outcome, sure, language)), "https://b.example")
    assert text.startswith(f"{opening}Può. ")
    assert text[mark.start : mark.end] == "[\\[1\\]](https://b.example/guide/conto#chi)"
