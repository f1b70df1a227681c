"""The primary dies under load and its standby takes over: questions are answered all the while,
and what was acknowledged is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from asking import Asking, figures
from postgres_pair import a_pair
from reporting import FIGURES
from several import a_server, built, until
from small import small_folder
from sqlalchemy import select

from chatbot.journal.engine import open_engine
from chatbot.journal.records import answers, feedback

FREE = "1000000 per minute"


@pytest.mark.timeout(7200)
@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("kills", [1, pytest.param(30, marks=pytest.mark.soak)])
def test_the_primary_dies(
    kills: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, str], None],
) -> None:  # fmt: skip
    """Two servers with both hosts in their address; the standby is synchronous, as the documents
    say that it is to be. No question fails, and no row that was acknowledged is lost."""
    for rate in ("ASK", "GLOBAL", "CONVERSATION"):
        monkeypatch.setenv(f"BUSSOLA_{rate}_RATE", FREE)
    guides = small_folder(tmp_path / "guide")
    built(guides, tmp_path / "a")
    with (
        a_pair() as pair,
        a_server(tmp_path / "a", guides, pair.url) as first,
        a_server(tmp_path / "b", guides, pair.url) as second,
        Asking([str(one.client.base_url) for one in (first, second)]) as asking,
    ):
        for _ in range(kills):
            before = len(asking.kept)
            until(lambda before=before: len(asking.kept) > before + 4)
            pair.fail_over()
            pair.follow()
        before = len(asking.kept)
        until(lambda: len(asking.kept) > before + 4)
        for server in (first, second):
            until(lambda server=server: server.health()["shared"]["reached"])
            until(lambda server=server: server.health()["journal"]["waiting"] == 0)
            assert server.health()["shared"]["edition"] == 1
        acknowledged = set(asking.kept)
        engine = open_engine(pair.url)
        with engine.connect() as connection:
            judged = set(connection.scalars(select(feedback.c.answer_id)))
            kept = set(connection.scalars(select(answers.c.id)))
        engine.dispose()
    lost = acknowledged - judged
    record_property(
        FIGURES,
        f"{kills} kills, {figures([asking])}; {len(acknowledged)} rows acknowledged, "
        f"{len(lost)} lost",
    )
    assert set(asking.statuses) == {200}
    assert lost == set()
    assert acknowledged - kept == set()  # an answer is queued before its opinion, in one order
