"""The suite of cases, as the evaluators' pages see it: by the commands that evaluators would type.

Each runs as a process of its own; the server knows nothing of eval.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog

from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet
from chatbot.shared.drawer import InUse
from chatbot.shared.mirror import Mirror
from index.errors import BussolaError

LIMIT_S = 300
SHEETS = (".xlsx", ".csv")
BOZZE = "eval/bozze"  # in var
ELSEWHERE = "Un altro server sta scrivendo le bozze dei casi: riprova fra poco."
log = structlog.get_logger()


class SuiteError(BussolaError):
    """A command did not work; the message says why, in Italian."""


def environment(settings: Settings) -> dict[str, str]:
    """Where the commands find what this server works with."""
    found = {"BUSSOLA_VAR": str(settings.var), "BUSSOLA_GUIDES": str(settings.guides),
             "BUSSOLA_JOURNAL_URL": settings.journal_url}  # fmt: skip
    return found | ({"BUSSOLA_CASES": str(settings.cases)} if settings.cases else {})


async def ask_suite(env: Mapping[str, str], *words: str, given: str = "") -> Any:
    """What `python -m eval …` tells in JSON, `given` written to it. Raises SuiteError."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "eval", *words, env=os.environ | dict(env),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, error = await asyncio.wait_for(process.communicate(given.encode()), LIMIT_S)
    except TimeoutError:
        raise SuiteError("Le prove non rispondono: riprova fra poco.") from None
    finally:
        if process.returncode is None:
            process.kill()
    if not out:
        told = error.decode(errors="replace").strip() or "motivo ignoto"
        log.warning("suite_failed", command=" ".join(words[:2]), reason=told[-300:])
        raise SuiteError(told[-2_000:])
    try:
        return json.loads(out)
    except ValueError as unread:
        raise SuiteError("Le prove hanno risposto in un modo che non si legge.") from unread


def drafts_of(cabinet: Cabinet) -> Mirror:
    """The drafts of cases, and what is remembered of them, of every server the same."""
    return Mirror(cabinet, BOZZE, ("bozze.yaml", ".bozze.json"))


@asynccontextmanager
async def at_work(drafts: Mirror) -> AsyncIterator[None]:
    """Of all servers this one changes them. Raises SuiteError, DrawerError, OSError."""
    work = drafts.at_work()
    try:
        await asyncio.to_thread(work.__enter__)
    except InUse:
        raise SuiteError(ELSEWHERE) from None
    try:
        yield
    except BaseException as error:
        await asyncio.to_thread(work.__exit__, type(error), error, error.__traceback__)
        raise
    await asyncio.to_thread(work.__exit__, None, None, None)


class Suite:
    """The drafts of cases and the suite of one server; two people never write at once."""

    def __init__(self, settings: Settings, cabinet: Cabinet | None = None) -> None:
        self._env = environment(settings)
        self._drafts = drafts_of(cabinet or Cabinet(settings.var))
        self._writing = asyncio.Lock()

    async def drafts(self) -> Any:
        """`drafts`, each with the texts of its cells, and the `themes` there are."""
        async with self._writing:
            await asyncio.to_thread(self._drafts.bring)
            return await ask_suite(self._env, "draft", "list", "--json")

    async def check(self, cells: Mapping[str, str]) -> Any:
        """`errors` and `warnings` about a case."""
        return await ask_suite(self._env, "draft", "check", given=json.dumps(dict(cells)))

    async def add(self, cells: Mapping[str, str], draft: str) -> Any:
        """As `check`; and, without errors, the `files` written and the `commit`."""
        words = ("draft", "add", *(("--draft", draft) if draft else ()))
        async with self._writing, at_work(self._drafts):
            return await ask_suite(self._env, *words, given=json.dumps(dict(cells)))

    async def drop(self, draft: str) -> Any:
        """Whether the draft was there."""
        async with self._writing, at_work(self._drafts):
            return await ask_suite(self._env, "draft", "drop", draft)

    async def sheet(self) -> bytes:
        """Every case, as a spreadsheet (XLSX)."""
        with tempfile.TemporaryDirectory(prefix="casi-") as folder:
            path = Path(folder) / "casi.xlsx"
            await ask_suite(self._env, "export", str(path), "--format", "xlsx", "--json")
            return await asyncio.to_thread(path.read_bytes)

    async def bring(self, name: str, data: bytes, write: bool) -> Any:
        """What a spreadsheet changes: the `new` and `changed` cases, `warnings`; where it is to
        `write` them, the `files` and the `commit` too. Raises SuiteError."""
        ending = Path(name).suffix.lower()
        if ending not in SHEETS:
            raise SuiteError("Il foglio è un file XLSX o CSV, come quello che si scarica da qui.")
        with tempfile.TemporaryDirectory(prefix="casi-") as folder:
            path = Path(folder) / f"casi{ending}"
            await asyncio.to_thread(path.write_bytes, data)
            last = "--commit" if write else "--dry-run"
            async with self._writing:
                return await ask_suite(self._env, "import", str(path), "--json", last)
