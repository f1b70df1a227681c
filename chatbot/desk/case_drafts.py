"""Judgements become drafts of cases: by the command that evaluators would type, and after the
judgement is kept, so that nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from chatbot.desk.suite import SuiteError, ask_suite, at_work, drafts_of, environment
from chatbot.problem import Unavailable
from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet

log = structlog.get_logger()


class CaseDrafts:
    """Writes the drafts of one server: one run at a time, and one more where something was judged
    meanwhile."""

    def __init__(self, settings: Settings, cabinet: Cabinet | None = None) -> None:
        self._env = environment(settings)
        self._drafts = drafts_of(cabinet or Cabinet(settings.var))
        self._running: asyncio.Task[None] | None = None
        self._again = False

    def ask(self) -> None:
        """Something was judged: its draft is due. Returns at once."""
        self._again = True
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._again:
            self._again = False
            try:
                async with at_work(self._drafts):
                    await write_drafts(self._env)
            except (SuiteError, Unavailable, OSError) as error:  # with the next judgement
                log.warning("drafts_not_written", why=type(error).__name__)


async def write_drafts(env: Mapping[str, str]) -> int | None:
    """Run `python -m eval import-journal`; how many drafts are new, None when it did not work (the
    log says why)."""
    try:
        return int((await ask_suite(env, "import-journal", "--json"))["new"])
    except SuiteError:
        return None
