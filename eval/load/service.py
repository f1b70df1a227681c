"""A server of its own for a measurement, in another process, stopped at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil

from index.errors import BussolaError

ROOT = Path(__file__).parents[2]
START_S = 120.0
UNLIMITED = "10000000 per minute"
RATES = ("ASK", "CONVERSATION", "GLOBAL", "PROGRAM", "READ")


@dataclass(frozen=True, slots=True)
class RunningServer:
    """Where a server answers, and its process."""

    url: str
    process: psutil.Process

    def rss_mb(self) -> float:
        """Resident memory, in megabytes."""
        return float(self.process.memory_info().rss / 1e6)

    def processor_s(self) -> float:
        """Seconds of a processor that it has taken, which other work on the machine hardly
        lengthens."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextmanager
def running_service() -> Iterator[RunningServer]:
    """`server.py` over the published snapshot, on a free port of the loopback, without rates
    (all operators of a measurement share one address) and with a journal that is thrown away.
    Raises BussolaError when it does not start."""
    with TemporaryDirectory(prefix="bussola-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {
            **os.environ, "HOST": "127.0.0.1", "PORT": str(port),
            "BUSSOLA_JOURNAL_URL": f"sqlite:///{folder}/journal.sqlite",
            **{f"BUSSOLA_{name}_RATE": UNLIMITED for name in RATES},
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "server.py"], cwd=ROOT, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(process, url)
            yield RunningServer(url, psutil.Process(process.pid))
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/api/health", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise BussolaError("Il server non è partito: prova «python server.py» e leggi che cosa dice.")
