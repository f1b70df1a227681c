"""How long a publication takes to be served by every server: real ones, over one database, each
asked without a pause what it serves.

What is published is what is in `var`, then the same with one sentence more in one guide. Seconds of
the clock, from the moment the transaction is committed; and those of a processor that each server
took meanwhile, which others on the machine do not lengthen.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine, func, select

from chatbot.settings import Settings
from chatbot.shared.cabinet import open_shared
from chatbot.shared.editions import Editions
from chatbot.shared.follower import Follower
from chatbot.shared.tables import pieces
from eval.benchmarks.start import ROOT, environment, wait_for
from index.encode.encoder import Encoder
from index.errors import BussolaError
from index.guide import Guide
from index.publish.build import build
from index.publish.published import current_id, point_current, snapshots_dir
from index.publish.snapshot import load_current

SENTENCE = "\n\nQuesta frase misura quanto ci mette una pubblicazione.\n"
PATIENCE_S = 600.0
LOOK_S = 0.05  # oftener, being asked would be a good part of what the servers do
Tell = Callable[[str], None]
Running = tuple[str, psutil.Process]  # the address of a server, and what serves there


def benchmark(
    database: str, encoder: Encoder, settings: Settings, servers: int, tell: Tell
) -> dict[str, Any]:
    """`passages`, how many `servers`, `mb` of what was published and `new_mb` of the pieces that
    the servers have to ask for, `commit_s` of the transaction, `first_s` and `last_s` until the
    first and the last server serve it, `processor_s` of the one that took most. Raises BussolaError
    for a database in which something is published already."""
    engine = open_shared(database)
    if Editions(engine).newest():
        raise BussolaError("In quel database è già pubblicato qualcosa: per misurare, uno vuoto.")
    with tempfile.TemporaryDirectory(prefix="bussola-") as folder, ExitStack() as stack:
        place, guides = Path(folder, "var"), Path(folder, "guide")
        shutil.copytree(settings.guides, guides)
        _copy_published(settings.var, place)
        before = load_current(place)
        follower = Follower(Editions(engine), place)
        follower.sync()
        follower.publish(before.id, "misura", texts=guides)
        tell(f"{servers} server sullo stesso database, {len(before.passages)} passaggi…")
        running = [
            stack.enter_context(_server(database, Path(folder, f"server-{n}"), settings))
            for n in range(servers)
        ]
        _edit(guides, min(before.guides.values(), key=lambda guide: guide.path))
        new = build(guides, place, encoder, publish=False, published=before).snapshot
        first_mb = _kept_mb(engine)
        begun = time.monotonic()
        follower.publish(new, "misura", texts=guides)
        committed = time.monotonic()
        spent = [_processor_s(process) for _, process in running]
        seen = [(moment, _processor_s(process) - spent[n])
                for n, moment, process in _when_served(running, new)]  # fmt: skip
    new_mb = _kept_mb(engine) - first_mb
    engine.dispose()
    return {
        "passages": len(before.passages), "servers": servers, "mb": first_mb, "new_mb": new_mb,
        "commit_s": committed - begun,
        "first_s": max(0.0, seen[0][0] - committed), "last_s": max(0.0, seen[-1][0] - committed),
        "processor_s": max(took for _, took in seen),
    }  # fmt: skip


def _kept_mb(engine: Engine) -> float:
    """Of the pieces in the database, each once."""
    with engine.connect() as connection:
        kept = select(func.coalesce(func.sum(func.octet_length(pieces.c.data)), 0))
        return int(connection.execute(kept).scalar_one()) / 1e6


def _copy_published(source: Path, target: Path) -> None:
    published = current_id(source)
    if published is None:
        raise BussolaError("Qui non è pubblicato niente. Prima: bussola index build")
    shutil.copytree(snapshots_dir(source) / published, snapshots_dir(target) / published)
    point_current(target, published)


def _edit(guides: Path, guide: Guide) -> None:
    with (guides / guide.path).open("a", encoding="utf-8") as file:
        file.write(SENTENCE)


def _processor_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def _server(database: str, var: Path, settings: Settings) -> Iterator[Running]:
    """A server that has nothing but the database and the prepared model."""
    var.mkdir()
    (var / "models").symlink_to((settings.var / "models").resolve())
    address, own = environment(var / "nessuna", str(var))
    own |= {"BUSSOLA_DATABASE_URL": database, "BUSSOLA_THREADS": "1"}
    process = subprocess.Popen([sys.executable, "server.py"], cwd=ROOT, env=own,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        wait_for(address, process)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _when_served(
    running: list[Running], snapshot: str
) -> Iterator[tuple[int, float, psutil.Process]]:
    """The number of each, when it is first seen to serve a snapshot, and that moment."""
    waiting, end = dict(enumerate(running)), time.monotonic() + PATIENCE_S
    while waiting:
        if time.monotonic() > end:
            raise BussolaError(f"{len(waiting)} server non servono la pubblicazione.")
        for n, (address, process) in tuple(waiting.items()):
            with urllib.request.urlopen(f"{address}/api/ready", timeout=PATIENCE_S) as told:
                if json.load(told)["snapshot"] == snapshot:
                    del waiting[n]
                    yield n, time.monotonic(), process
        time.sleep(LOOK_S)
