"""From a folder of Markdown to its first answer: what `make run GUIDES=…` does where packages and
model are prepared already.

The same two commands, in processes of their own and with an empty folder of generated files: the
snapshot is built, the server started, a question asked as soon as it listens. Seconds of the clock
say what somebody waits; those of the processor, what of it a busy machine has added.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from itertools import pairwise
from pathlib import Path
from typing import Any

from index.errors import BussolaError

ROOT = Path(__file__).parent.parent.parent
BUILD = ("-c", "from eval.bussola import app; app()", "index", "build")
PATIENCE_S = 600.0


def benchmark(guides: Path, models: Path, question: str) -> dict[str, Any]:
    """`build_s`, `server_s` until it listens, `answer_s`, `total_s` of the clock, `cpu_s` of the
    processor in all, and the `outcome`. `models` is the folder of prepared models. Raises
    BussolaError when the guides are not published or the server stops."""
    used = _processor_s()
    with tempfile.TemporaryDirectory(prefix="bussola-") as var:
        Path(var, "models").symlink_to(models.resolve())
        address, own = environment(guides, var)
        times = [time.perf_counter()]
        built = subprocess.run([sys.executable, *BUILD], cwd=ROOT, env=own,
                               capture_output=True, text=True, check=False)  # fmt: skip
        if built.returncode:
            raise BussolaError(f"{guides} non si pubblica: {built.stderr.strip()[-500:]}")
        times.append(time.perf_counter())
        server = subprocess.Popen([sys.executable, "server.py"], cwd=ROOT, env=own,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            wait_for(address, server)
            times.append(time.perf_counter())
            outcome = _ask(address, question)
            times.append(time.perf_counter())
        finally:
            server.terminate()
            server.wait()
    build, ready, answer = (b - a for a, b in pairwise(times))
    return {
        "build_s": build, "server_s": ready, "answer_s": answer, "total_s": times[-1] - times[0],
        "cpu_s": _processor_s() - used, "outcome": outcome,
    }  # fmt: skip


def environment(guides: Path, var: str) -> tuple[str, dict[str, str]]:
    """The address of a server on a free port, and the variables that it starts with."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    ours = {"BUSSOLA_GUIDES": str(guides.resolve()), "BUSSOLA_VAR": var, "PORT": port,
            "HOST": "127.0.0.1", "PYTHONPATH": path}  # fmt: skip
    return f"http://127.0.0.1:{port}", {**os.environ, **ours}


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until it answers. Raises BussolaError when it stops, or does not answer in PATIENCE_S."""
    end = time.monotonic() + PATIENCE_S
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}/api/health", timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise BussolaError("il server si è fermato, o non risponde")


def _ask(address: str, question: str) -> str:
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(
        f"{address}/api/chat", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
        return str(json.load(response)["outcome"])


def _processor_s() -> float:
    """Seconds that the processes which ended have had of the processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
