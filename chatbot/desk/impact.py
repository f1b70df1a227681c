"""What a draft does to the answers: the cases of the suite asked of what is published and of it.

It runs as a process of its own, at the lowest priority, and its result is kept beside the draft:
the server knows nothing of the suite, and questions do not wait for it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from chatbot.desk.drafts import FOLDER
from index.files import replace_file

LIMIT_S = 900  # the suite asked twice, on a slow machine
NICE = 15


class Impact(BaseModel):
    """A run for one version of a draft: `found` is what the command tells in JSON."""

    model_config = ConfigDict(frozen=True)
    draft: str
    version: int
    snapshot: str
    at: datetime
    state: Literal["running", "done", "failed"]
    why: str = ""
    found: dict[str, Any] = {}

    @property
    def harmless(self) -> bool:
        """Nothing gets worse, as far as the suite can tell."""
        counts = self.found.get("counts", {})
        told = self.found.get("regressions") or self.found.get("dead") or counts.get("worse")
        return self.state == "done" and not told


class Impacts:
    """The runs of one server, and their results on the disk."""

    def __init__(self, var: Path) -> None:
        self._folder = var / FOLDER / "impact"
        self._running: dict[str, asyncio.Task[None]] = {}

    def of(self, draft: str, version: int) -> Impact | None:
        """The run of this very version, None where there is none. One that a server left under
        way when it stopped has failed."""
        try:
            impact = Impact.model_validate_json((self._folder / f"{draft}.json").read_bytes())
        except (OSError, ValidationError):
            return None
        if impact.version != version:
            return None
        if impact.state == "running" and draft not in self._running:
            return impact.model_copy(update={"state": "failed", "why": "il server è ripartito"})
        return impact

    def start(self, draft: str, version: int, snapshot: str, env: Mapping[str, str]) -> Impact:
        """Begin a run; one of an older version of the draft is given up."""
        now = datetime.now(UTC)
        begun = Impact(draft=draft, version=version, snapshot=snapshot, at=now, state="running")
        if older := self._running.get(draft):
            older.cancel()
        self._keep(begun)
        self._running[draft] = asyncio.create_task(self._run(begun, env))
        return begun

    async def _run(self, begun: Impact, env: Mapping[str, str]) -> None:
        try:
            found, why = await measure(begun.snapshot, env)
            state = "done" if found is not None else "failed"
            update = {"state": state, "found": found or {}, "why": why}
            self._keep(begun.model_copy(update=update))
        finally:
            if self._running.get(begun.draft) is asyncio.current_task():
                del self._running[begun.draft]

    def _keep(self, impact: Impact) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        replace_file(self._folder / f"{impact.draft}.json", impact.model_dump_json().encode())


async def measure(snapshot: str, env: Mapping[str, str]) -> tuple[dict[str, Any] | None, str]:
    """`python -m eval impact` of a snapshot: what it found, or None and why not."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "eval", "impact", snapshot, "--json",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | dict(env),
    )  # fmt: skip
    os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    try:
        out, error = await asyncio.wait_for(process.communicate(), LIMIT_S)
    except TimeoutError:
        return None, "Le prove non sono finite in tempo: riprova più tardi."
    finally:
        if process.returncode is None:
            process.kill()
    try:
        return json.loads(out), ""
    except ValueError:
        lines = error.decode(errors="replace").strip().splitlines() or ["motivo ignoto"]
        return None, f"Le prove non sono partite: {lines[-1]:.300}"
