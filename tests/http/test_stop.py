"""A server that is stopped: what was begun is answered first."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from folders import MADE, ROOT
from sockets import connect


def _start(published: Path, tmp_path: Path) -> tuple[subprocess.Popen[str], str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "PORT": str(port), "BUSSOLA_GUIDES": str(MADE),
        "BUSSOLA_VAR": str(published), "BUSSOLA_ASK_RATE": "1000000 per minute",
        "BUSSOLA_JOURNAL_URL": f"sqlite:///{tmp_path / 'journal.sqlite'}",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "server.py"], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return process, f"127.0.0.1:{port}"


def test_a_stop_drains_within_ten_seconds(published: Path, tmp_path: Path) -> None:
    """SIGTERM while questions are under way, a connection is idle and another sends nothing: those
    begun are answered, the process ends with 0 within 10 s, and its log has no question in it."""
    process, host = _start(published, tmp_path)
    secret = "domandasegretissima"
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "pronta" in line:
                break
        deadline = time.monotonic() + 60
        while True:
            try:
                idle = connect(f"http://{host}")
                break
            except ConnectionRefusedError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        idle.sendall(b"POST /api/chat HTTP/1.1\r\n")
        busy = http.client.HTTPConnection(host, timeout=30)
        body = json.dumps({"question": f"{secret}: quanto dura il tirocinio?"})
        busy.request("POST", "/api/chat", body, {"Content-Type": "application/json"})
        time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        stopped = time.monotonic()
        answer = busy.getresponse()
        assert answer.status == 200
        assert json.loads(answer.read())["id"]
        assert process.wait(timeout=20) in (0, -signal.SIGTERM)
        assert time.monotonic() - stopped < 10
        assert secret not in process.stdout.read()
        assert secret.encode() in (tmp_path / "journal.sqlite").read_bytes()
    finally:
        process.kill()
