"""Cases that expect silence, asked of the bot: does a guide break it by now?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.runs.run import Progress, Replies, last_question
from eval.suite.case import Case
from eval.suite.folder import finding_of
from index.finding import Finding
from index.publish.snapshot import Snapshot

SURE = 0.6  # probability from which an answer given to a silent case is worth a look


def answered_silences(
    cases: Sequence[Case],
    bot: Replies,
    snapshot: Snapshot,
    folder: Path,
    progress: Progress | None = None,
) -> list[Finding]:
    """Cases that expect silence of which a passage seems to hold the answer: written since, or in a
    guide that their author had not looked in."""
    silent = [case for case in cases if not {"answered", "emergency"} & {*case.outcomes}]
    found = []
    for done, case in enumerate(silent, start=1):
        answer = bot.reply(last_question(bot, snapshot, case), snapshot)
        if answer.outcome == "answered" and answer.confidence >= SURE and answer.citations:
            cited = answer.citations[0]
            section = f"{cited.guide}#{cited.url.partition('#')[2]}"
            what = f"aspetta il silenzio, ma {section} sembra rispondere: «{cited.quote:.120}»"
            found.append(finding_of(case, folder, what, "warning"))
        if progress:
            progress(done, len(silent))
    return found
