"""Speed and memory, side by side with a plain llama-index pipeline on the same passages."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from chatbot.bot import Bot
from chatbot.question import Question
from eval.benchmarks.concurrent import measure_concurrent
from eval.benchmarks.peer import Peer, build_peer
from eval.runs import metrics
from index.encode.encoder import Encoder
from index.encode.vectors import VectorCache
from index.errors import BussolaError
from index.publish.build import build
from index.publish.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
WARM_UP = 5
# Questions asked of one, then of the other: both meet the same machine, and threads of one that
# stay awake after its work take no time from the other.
TURN = 16
START_TIMEOUT_S = 60.0
Progress = Callable[[str, int, int], None]


class SpeedError(BussolaError):
    """The server could not be started or did not answer."""


def benchmark(
    snapshot: Snapshot, guides: Path, var: Path, model_dir: Path, questions: Sequence[str],
    sample: int = 150, progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What `benchmark speed --json` prints: our answer (all its steps) against the peer's
    retrieval alone, indexing of the same `sample` passages, a real server from launch to first
    answer, its memory, and a rebuild in which nothing changed.

    The server is measured first, before this process holds torch and the cores are warm.
    """
    tell = progress or (lambda label, done, total: None)
    server = measure_server(guides, var, questions[: WARM_UP * 4])
    tell("server", 1, 1)
    encoder = Encoder.load(model_dir)
    passages = snapshot.passages[:: max(1, len(snapshot.passages) // sample)][:sample]
    tell("indice", 0, 1)
    index = measure_index([passage.embedded for passage in passages], encoder)
    peer = build_peer(
        model_dir, [passage.id for passage in passages], [""] * len(passages),
        [passage.embedded for passage in passages],
    )  # fmt: skip
    tell("indice", 1, 1)
    ours, theirs = _asked_of_both(Bot(encoder), peer, snapshot, questions, tell)
    return {
        "answer": metrics.quantiles_ms(ours),
        "peer": metrics.quantiles_ms(theirs),
        "index": {"passages_per_s": index, "passages": len(passages)},
        "peer_index": {
            "passages_per_s": len(passages) / peer.index_s, "passages": len(passages),
            "nodes": peer.nodes,
        },
        **server,
        "concurrent": measure_concurrent(model_dir, snapshot, questions[:64]),
        "rebuild": measure_rebuild(guides, var, encoder),
        "n_questions": len(questions), "n_passages": len(snapshot.passages),
        "cores": len(os.sched_getaffinity(0)),
    }  # fmt: skip


def _asked_of_both(
    bot: Bot, peer: Peer, snapshot: Snapshot, questions: Sequence[str], tell: Progress
) -> tuple[list[float], list[float]]:
    """Milliseconds of each question here and there, the first ones left out; in turn, so that
    what slows the machine slows both."""
    ours: list[float] = []
    theirs: list[float] = []
    warming = [*questions[:WARM_UP], *questions]
    for done in range(0, len(warming), TURN):
        turn = warming[done : done + TURN]
        ours += [_seconds(partial(bot.reply, Question(q), snapshot)) * 1000 for q in turn]
        theirs += [peer.search(question)[1] for question in turn]
        tell("domande", done + len(turn), len(warming))
    return ours[WARM_UP:], theirs[WARM_UP:]


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def measure_index(texts: Sequence[str], encoder: Encoder) -> float:
    """Passages per second from text to a snapshot's vectors and token vectors, on an empty
    cache; the other indexes (words, FAISS) are included through `snapshot_of_texts`."""
    from eval.plain import snapshot_of_texts

    with tempfile.TemporaryDirectory() as folder:
        cache = VectorCache(Path(folder), encoder)
        names = [f"p{n}" for n in range(len(texts))]
        start = time.perf_counter()
        snapshot_of_texts(names, [""] * len(texts), texts, encoder, cache)
        return len(texts) / (time.perf_counter() - start)


def measure_rebuild(guides: Path, var: Path, encoder: Encoder) -> dict[str, float]:
    """Build the guides twice in a folder of their own, with a copy of the vector cache: how many
    passages the second, whole build encodes (none, if the cache does its work), its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        if (var / "vectors").is_dir():
            shutil.copytree(var / "vectors", place / "vectors")
        build(guides, place, encoder)
        (place / "CURRENT").unlink()
        start = time.perf_counter()
        again = build(guides, place, encoder)
        seconds = time.perf_counter() - start
    return {"encoded": again.encoded, "passages": again.passages, "seconds": seconds}


def measure_server(guides: Path, var: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Launch the server as `make run` does: seconds to its first answer, then memory (resident
    set, megabytes of 10^6 bytes, children included) after `questions`. Raises SpeedError."""
    port = _free_port()
    environment = os.environ | {
        "BUSSOLA_GUIDES": str(guides.resolve()), "BUSSOLA_VAR": str(var.resolve()),
        "HOST": "127.0.0.1", "PORT": str(port),
    }  # fmt: skip
    command = [sys.executable, "server.py"]
    start = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _first_answer(process, port, questions[0], start, log)
            started = time.perf_counter() - start
            times = [_ask(port, question) for question in questions]
            tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(True)]
            memory = sum(member.memory_info().rss for member in tree) / 1e6
        finally:
            process.terminate()
            process.wait(timeout=20)
    return {"start_s": started, "rss_mb": memory, "http": metrics.quantiles_ms(times)}


def _first_answer(
    process: subprocess.Popen[bytes], port: int, question: str, start: float, log: Any
) -> None:
    while time.perf_counter() - start < START_TIMEOUT_S:
        if process.poll() is not None:
            log.seek(0)
            said = log.read().decode(errors="replace").strip().splitlines()
            raise SpeedError(f"il server non parte: {said[-1] if said else 'nessun messaggio'}")
        try:
            _ask(port, question)
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise SpeedError(f"il server non risponde dopo {START_TIMEOUT_S:.0f} secondi")


def _ask(port: int, question: str) -> float:
    """Milliseconds of one question over HTTP."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/chat",
        json.dumps({"question": question}).encode(),
        {"content-type": "application/json"},
    )
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=30) as response:
        response.read()
    return (time.perf_counter() - start) * 1000


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
