"""A server dies under load and the others answer: what those who asked met with."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from asking import Asking, figures, longest_failure_s
from made_encoder import made_encoder
from reporting import FIGURES
from server_processes import Server, answers_kept, started, until
from serving import free_port
from small import small_folder
from sqlalchemy import select

from chatbot.journal.engine import open_engine
from chatbot.journal.records import feedback
from index.publish.build import build

FREE = "1000000 per minute"
SERVERS = 3
FAILING_S = 3.0  # promised
ASKERS = 3  # at once, so that the server that dies is answering


def opinions_kept(database: str) -> set[str]:
    engine = open_engine(database)
    with engine.connect() as connection:
        found = set(connection.scalars(select(feedback.c.answer_id)))
    engine.dispose()
    return found


def answered(askers: Sequence[Asking], more: int) -> None:
    """Wait until each was answered a few times more."""
    before = [len(one.kept) for one in askers]
    until(lambda: all(len(one.kept) >= n + more for one, n in zip(askers, before, strict=True)))


def killed(server: Server) -> None:
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kills", [1, pytest.param(30, marks=pytest.mark.soak)])
def test_a_server_dies(
    kills: int, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, str], None],
) -> None:  # fmt: skip
    """Of three, another one each time, by SIGKILL, and it comes back; who asks passes over a server
    to which there is no connection. Nobody is without an answer for longer than is promised, and no
    opinion that was acknowledged is lost, nor the answer that it is about."""
    for rate in ("ASK", "GLOBAL", "CONVERSATION"):
        monkeypatch.setenv(f"BUSSOLA_{rate}_RATE", FREE)
    guides, ports = small_folder(tmp_path / "guide"), [free_port() for _ in range(SERVERS)]
    build(guides, tmp_path / str(ports[0]), made_encoder())
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    with ExitStack() as stack:
        open_at = lambda port: stack.enter_context(  # noqa: E731
            started(tmp_path / str(port), guides, database, port=port)
        )
        servers = {port: open_at(port) for port in ports}
        askers = [stack.enter_context(Asking(addresses, balancing=True)) for _ in range(ASKERS)]
        for kill in range(kills):
            answered(askers, 3)
            killed(servers[dead := ports[kill % SERVERS]])
            answered(askers, 6)
            servers[dead] = open_at(dead)
        answered(askers, 3)
    acknowledged = {answer for one in askers for answer in one.kept}
    lost = acknowledged - opinions_kept(database) | acknowledged - answers_kept(database)
    record_property(
        FIGURES,
        f"{kills} kills, {figures(askers)}; {len(acknowledged)} rows acknowledged, "
        f"{len(lost)} lost",
    )
    statuses = [status for one in askers for status in one.statuses]
    assert set(statuses) <= {200, 0}
    assert max(longest_failure_s(one.told) for one in askers) <= FAILING_S
    assert lost == set()
