"""Judgements become drafts of cases: by the command that evaluators would type, and after the
judgement is kept, so that nobody waits for it."""

from __future__ import annotations

import asyncio
import json
import os
import sys

import structlog

from chatbot.settings import Settings

LIMIT_S = 120
log = structlog.get_logger()


class CaseDrafts:
    """Writes the drafts of one server: one run at a time, and one more where something was judged
    meanwhile."""

    def __init__(self, settings: Settings) -> None:
        self._env = {"BUSSOLA_VAR": str(settings.var), "BUSSOLA_JOURNAL_URL": settings.journal_url}
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
            await write_drafts(self._env)


async def write_drafts(env: dict[str, str]) -> int | None:
    """Run `python -m eval import-journal`; how many drafts are new, None when it did not work."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "eval", "import-journal", "--json",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=os.environ | env,
    )  # fmt: skip
    try:
        out, error = await asyncio.wait_for(process.communicate(), LIMIT_S)
        return int(json.loads(out)["new"])
    except TimeoutError:
        log.warning("drafts_failed", reason="timeout")
    except (ValueError, KeyError, TypeError):
        lines = error.decode(errors="replace").strip().splitlines() or ["?"]
        log.warning("drafts_failed", reason=lines[-1][:300])
    finally:
        if process.returncode is None:
            process.kill()
    return None
