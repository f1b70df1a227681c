"""The documents of one command, one after the other: one that is refused stops no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from index.errors import BussolaError
from index.finding import GuidesRejected
from index.intake.intake import Progress, Where, take_in, write_drafts
from index.intake.nearness import Nearness
from index.intake.report import TakenIn
from index.parse.network_folder import read_network

DRAFTS = "bozze"  # folder of drafts inside that of the guides
NOT_PREPARED = (
    "Non propongo i bisogni né le domande vicine: il modello non è ancora preparato "
    "(lo prepara bussola index build)."
)
Bar = Callable[[str], AbstractContextManager[Progress]]


def take_all(
    files: Sequence[Path],
    guides: Path,
    var: Path,
    *,
    to: Path | None,
    divided: bool,
    address: str,
    dry_run: bool,
    tell: Callable[[str], object],
    bar: Bar,
) -> list[TakenIn]:
    """Take in each file and write its drafts, unless it is a `dry_run`; `bar` shows how far a
    document was read. Raises GuidesRejected when the network's own files are wrong."""
    network, findings = read_network(guides)
    if findings:
        raise GuidesRejected(findings)
    where = Where(to or guides / DRAFTS, guides, network)
    nearness = Nearness.load(var)
    if nearness is None:
        tell(NOT_PREPARED)
    done = []
    for file in files:
        with bar(file.name) as progress:
            try:
                drafts = take_in(file, where, nearness, divided, address, progress)
                if not dry_run:
                    write_drafts(drafts)
                done.append(TakenIn(file, tuple(drafts)))
            except BussolaError as error:
                done.append(TakenIn(file, refused=str(error)))
    return done
