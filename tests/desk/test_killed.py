"""kill -9 at moments of saving and publishing: nothing told is lost, nothing half done."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from desk_killed import GUIDES, MARK, work_for_ever

from chatbot.desk.drafts import Drafts
from chatbot.desk.publications import Publisher
from index.publish.snapshot import load_current

LONGEST_S = 4.0  # a round of saving and publishing, and more


@pytest.mark.parametrize(
    "moments", [2, pytest.param(20, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])]
)
def test_kill_9_while_saving_and_publishing(small_copy: Path, tmp_path: Path, moments: int) -> None:
    """After each the server starts again. Every text that was acknowledged is in its draft; what
    was acknowledged as published is published; files, snapshot and drafts tell of one moment."""
    told, chance = tmp_path / "told", random.Random(20)
    go = tmp_path / "go"
    spawn = multiprocessing.get_context("spawn")
    for turn in range(1, moments + 1):
        go.unlink(missing_ok=True)
        process = spawn.Process(
            target=work_for_ever, args=(str(small_copy), str(told), str(go), turn)
        )
        process.start()
        _wait(told, process, turn)
        _check(small_copy, _lines(told))  # what the last one left was settled by this start
        go.touch()
        time.sleep(chance.random() * LONGEST_S)
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
    drafts = Drafts(small_copy / "var")
    Publisher(small_copy / "guides", small_copy / "var", drafts).recover()  # as a start does
    _check(small_copy, _lines(told))


def _lines(told: Path) -> list[dict[str, Any]]:
    text = told.read_text() if told.exists() else ""
    return [json.loads(line) for line in text.splitlines() if line.endswith("}")]


def _wait(told: Path, process: Any, turn: int) -> None:
    """Until the server of this turn has started; it begins to write when it is told to."""
    deadline = time.monotonic() + 300
    while {"ready": turn} not in _lines(told):
        assert process.is_alive(), "the server died by itself"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _check(folder: Path, lines: list[dict[str, Any]]) -> None:
    guides, var = folder / "guides", folder / "var"
    drafts = Drafts(var)
    publisher = Publisher(guides, var, drafts)
    for line in lines:
        if "saved" in line:
            guide = drafts.get(line["draft"]).find(line["slug"])
            assert guide is not None
            assert f"{MARK}{line['saved']}." in guide.text
        if "published" in line:
            assert drafts.get(line["draft"]).state == "published"
    numbers = {_number((guides / path).read_text("utf-8")) for path in GUIDES}
    assert len(numbers) == 1, f"half published: {numbers}"
    (now,) = numbers
    last = max((line["published"] for line in lines if "published" in line), default=0)
    begun = max((line["publishing"] for line in lines if "publishing" in line), default=0)
    assert now in {last, begun}, "what was acknowledged is gone, or another came"
    served = {guide.path: guide for guide in load_current(var).guides.values()}
    for path in GUIDES:
        units = " ".join(u.text for s in served[path].sections for u in s.units)
        assert _number(units) == now, "the snapshot and the files tell of two moments"
    assert len(publisher.all()) == sum(d.state == "published" for d in drafts.all())


def _number(text: str) -> int:
    found = re.search(f"{MARK}(\\d+)", text)
    return int(found[1]) if found else 0
