"""What a draft does to the answers: questions asked of what is published and of it.

First a few that it is likeliest to move, in the server (`first_look`): they are there in a moment.
Then the cases of the suite and the questions of others, in a process of its own at the lowest
priority: the server knows nothing of the suite, and questions do not wait for it. It tells how far
it is, a line a step; all is kept beside the draft.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Literal

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from chatbot.bot import Bot
from chatbot.desk.drafts import FOLDER
from chatbot.desk.first_look import compared, likely, moved
from chatbot.problem import Unavailable
from chatbot.question import Question
from chatbot.shared.cabinet import Cabinet
from chatbot.shared.drawer import read
from index.errors import BussolaError
from index.publish.snapshot import Snapshot

STALL_S = 600  # without a step: on a busy machine one may take long, and all of them hours
NICE = 15
IMPACT = f"{FOLDER}/impact"
BREATH_S = 0.02  # between two looks at whether people are asking
QUIET_S = 1.0  # that a first question waits for them, at most
KEEP_S = 1.0  # between two writings of what was found so far
LONGEST_LINE = 64 * 2**20  # of what the process tells at its end
STOPPED = "il server è ripartito"
Tell = Callable[[dict[str, Any]], None]
Busy = Callable[[], bool]
Build = Callable[[], str]  # the id of a snapshot of the draft, on the disk
log = structlog.get_logger()


class Impact(BaseModel):
    """A run for one version of a draft. `done` of `total` questions were asked; `first` are those
    that the server asked, `found` is what the command tells in JSON, whole when the run is over."""

    model_config = ConfigDict(frozen=True)
    draft: str
    version: int
    at: datetime
    state: Literal["running", "done", "failed"]
    why: str = ""
    done: int = 0
    total: int = 0
    first: tuple[dict[str, Any], ...] = ()
    found: dict[str, Any] = {}
    told: datetime | None = None  # when it was last heard of

    @property
    def cases(self) -> list[dict[str, Any]]:
        """All that changes, the worst first: a question that two asked, once."""
        every = [*self.found.get("cases", []), *self.found.get("people", []), *self.first]
        return moved(list({case["question"]: case for case in reversed(every)}.values())[::-1])

    def count(self, effect: str) -> int:
        """How many questions changed so."""
        return sum(case["effect"] == effect for case in self.cases)

    @property
    def harmless(self) -> bool:
        """Nothing gets worse, as far as anybody asked."""
        told = self.found.get("regressions") or self.found.get("dead") or self.count("worse")
        return self.state == "done" and not told


async def quiet(busy: Busy) -> None:
    """Wait until nobody is asking, at two looks one after the other; QUIET_S at most."""
    until, looks = monotonic() + QUIET_S, 0
    while looks < 2 and monotonic() < until:
        await asyncio.sleep(BREATH_S)
        looks = 0 if busy() else looks + 1


class Impacts:
    """The runs of one server, and the results of all in a drawer. One thread writes them, in their
    order: a drawer may be slow, and questions do not wait for it."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._drawer = cabinet.drawer(IMPACT)
        self._several = cabinet.engine is not None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="impact")
        self._running: dict[str, asyncio.Task[None]] = {}
        self._now: dict[str, Impact] = {}
        self._kept: dict[str, float] = {}

    def of(self, draft: str, version: int) -> Impact | None:
        """The run of this very version, None where there is none. One that a server left under
        way when it stopped has failed; of another server's that is told when nothing was heard of
        it for STALL_S. Raises OSError, DrawerError."""
        impact = self._now.get(draft) or self._read(draft)
        if impact is None or impact.version != version:
            return None
        if impact.state == "running" and draft not in self._running and not self._goes_on(impact):
            return impact.model_copy(update={"state": "failed", "why": STOPPED})
        return impact

    def _goes_on(self, impact: Impact) -> bool:
        """Whether another server may be at it."""
        since = datetime.now(UTC) - (impact.told or impact.at)
        return self._several and since.total_seconds() < STALL_S

    def start(
        self, draft: str, version: int, bot: Bot, before: Snapshot, after: Snapshot, build: Build,
        env: Mapping[str, str], busy: Busy,
    ) -> Impact:  # fmt: skip
        """Begin a run; one of an older version of the draft is given up. `busy` tells whether a
        question of somebody is worked on."""
        begun = Impact(draft=draft, version=version, at=datetime.now(UTC), state="running")
        if older := self._running.get(draft):
            older.cancel()
        self._keep(begun)
        run = self._run(begun, bot, before, after, build, env, busy)
        self._running[draft] = asyncio.create_task(run)
        return begun

    async def _run(
        self, begun: Impact, bot: Bot, before: Snapshot, after: Snapshot, build: Build,
        env: Mapping[str, str], busy: Busy,
    ) -> None:  # fmt: skip
        here = asyncio.current_task()

        def tell(step: dict[str, Any]) -> None:
            if self._running.get(begun.draft) is here:  # one that was given up says no more
                self._keep(self._now[begun.draft].model_copy(update=step))

        try:
            await self._first(bot, before, after, tell, busy)
            snapshot = await asyncio.to_thread(build)
            found, why = await measure(snapshot, env, tell)
            tell({"state": "done", "found": found} if found else {"state": "failed", "why": why})
        except (BussolaError, OSError) as error:
            tell({"state": "failed", "why": f"Le prove non sono partite: {error}"})
        except Exception as error:  # whatever it is, who waits is told
            log.error("impact_failed", error=type(error).__name__)
            tell({"state": "failed", "why": f"Le prove si sono fermate: {type(error).__name__}."})
            raise
        finally:
            if self._running.get(begun.draft) is here:
                del self._running[begun.draft]
                self._writer.submit(self._forget, begun.draft)  # when its end is written

    async def _first(
        self, bot: Bot, before: Snapshot, after: Snapshot, tell: Tell, busy: Busy
    ) -> None:
        """The likeliest, one at a time and each when nobody else is asking: a question of somebody
        seldom has one of these before it, and never two."""
        asked = await asyncio.to_thread(likely, before, after)
        found: tuple[dict[str, Any], ...] = ()
        for one in asked:
            answers = []
            for snapshot in (before, after):
                await quiet(busy)
                answers.append(await asyncio.to_thread(bot.reply, Question(one.text), snapshot))
            found = (*found, compared(one, *answers))
            tell({"first": found})

    def _keep(self, impact: Impact) -> None:
        """In memory at once; in the drawer now and then, and at its beginning and end."""
        impact = impact.model_copy(update={"told": datetime.now(UTC)})
        self._now[impact.draft] = impact
        last = self._kept.get(impact.draft, 0.0)
        if impact.state == "running" and impact.done and monotonic() - last < KEEP_S:
            return
        self._kept[impact.draft] = monotonic()
        self._writer.submit(self._write, impact)

    def _write(self, impact: Impact) -> None:
        try:
            self._drawer.write(f"{impact.draft}.json", impact.model_dump_json().encode())
        except (OSError, Unavailable) as error:
            log.error("impact_not_kept", error=type(error).__name__)

    def _forget(self, draft: str) -> None:
        if draft not in self._running:
            self._now.pop(draft, None)

    def _read(self, draft: str) -> Impact | None:
        try:
            return Impact.model_validate_json(read(self._drawer, f"{draft}.json") or b"")
        except (OSError, ValidationError):
            return None


async def measure(
    snapshot: str, env: Mapping[str, str], tell: Tell = lambda step: None
) -> tuple[dict[str, Any] | None, str]:
    """`python -m eval impact` of a snapshot: what it found, or None and why not. Each of its steps
    is told as it comes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "eval", "impact", snapshot, "--json", "--steps",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"BUSSOLA_THREADS": "1", "OMP_NUM_THREADS": "1"} | dict(env),
        limit=LONGEST_LINE,
    )  # fmt: skip
    os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    assert process.stdout is not None
    assert process.stderr is not None
    errors = asyncio.create_task(process.stderr.read())
    found: dict[str, Any] | None = None
    try:
        while line := await asyncio.wait_for(process.stdout.readline(), STALL_S):
            step = json.loads(line)
            if "counts" in step:
                found = step
            else:
                tell(step)
        told = (await errors).decode(errors="replace").strip().splitlines()
    except (TimeoutError, ValueError):
        return None, "Le prove si sono fermate: riprova più tardi."
    finally:
        errors.cancel()
        if process.returncode is None:
            process.kill()
    return (
        found,
        "" if found else f"Le prove non sono partite: {(told or ['motivo ignoto'])[-1]:.300}",
    )
