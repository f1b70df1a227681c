"""Questions of the journal at the desk: grouped, encoded once, proposed to their guide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from desk_drafts import entry, keep
from fastapi.testclient import TestClient

from chatbot.desk.asked import MOST, AskedVectors
from chatbot.desk.data import group_questions, new_guide
from index.encode.encoder import Encoder
from index.publish.snapshot import load_current


@pytest.fixture(scope="module")
def encoder(encoder_of_all: Encoder) -> Encoder:
    return encoder_of_all


def test_questions_of_the_journal_are_proposed(client: TestClient) -> None:
    """To the guide whose passage is nearest, under that section, as text; to no other."""
    near = "Un conto di base <b>senza</b> residenza si apre?"
    keep(client, entry(near, "p1"))
    page = client.get("/api/admin/desk/guide/conto-di-base").text
    assert re.search(r'data-propose="[a-z0-9-]+"', page)
    assert "<b>senza</b>" not in page
    assert "data-propose" not in client.get("/api/admin/desk/guide/violenza").text


def test_a_question_is_encoded_once() -> None:
    """However often the page is opened; what was not seen for long is forgotten."""
    asked: list[str] = []

    class Counting:
        def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
            asked.extend(texts)
            return np.array([[float(len(text))] for text in texts], dtype=np.float32)

    kept = AskedVectors(Counting())
    assert kept.encode_queries(["a", "bb", "a"]).tolist() == [[1.0], [2.0], [1.0]]
    assert kept.encode_queries(["bb", "ccc"]).tolist() == [[2.0], [3.0]]
    assert asked == ["a", "bb", "ccc"]
    kept.encode_queries([str(n) for n in range(MOST)])
    kept.encode_queries(["a"])
    assert asked.count("a") == 2


def test_groups_of_questions(folder: Path, encoder: Encoder) -> None:
    """The same question in other words makes one group; different needs make two."""
    snapshot = load_current(folder / "var")
    asked = ["Come si fa lo SPID?", "come si fa lo spid", "Come si fa lo SPID?", "Serve il visto?"]
    groups = group_questions([entry(q, str(n)) for n, q in enumerate(asked)], encoder, snapshot)
    assert [(g.times, len(g.questions)) for g in groups] == [(3, 2), (1, 1)]
    assert all(len(g.nearest) == 3 for g in groups)
    assert group_questions([], encoder, snapshot) == []
    assert new_guide("scheda", "?", ["«?»"], (), snapshot).startswith("---\n")
