"""All collections of the register, and those that somebody keeps elsewhere, measured and kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from chatbot.library import Library
from chatbot.settings import Settings
from eval.benchmarks.whole import Progress, measure, measure_foreign
from eval.collections.measured import Measured
from eval.collections.register import Collection, read_register, readings
from eval.runs.asking import open_to_ask
from eval.runs.session import run_session

KEPT = Path("eval") / "collections"  # under var


def measure_all(
    settings: Settings, extra: Sequence[Path], progress: Progress, only: str = "",
    library: Library | None = None,
) -> tuple[Measured, ...]:  # fmt: skip
    """Ask what the register measures (`only` one kind of it), and `extra` files, and keep the
    rows under `var`; `library` where one is already open. Raises BussolaError."""
    library = library or open_to_ask(settings)
    found = []
    for collection in (*read_register(), *others(extra)):
        if not collection.measured or only not in ("", collection.kind):
            continue
        if collection.guides:
            own = settings.var / "eval" / "foreign" / collection.name
            one = measure_foreign(collection, library.bot, own, progress)
        else:
            one = measure(collection, library.bot, library.snapshot, progress)
        one.save(settings.var / KEPT)
        found.append(one)
    return tuple(found)


def ask_everything(settings: Settings, cases: Path, progress: Progress) -> None:
    """All collections, then all cases of the folder `cases`, of one library; what comes of them is
    kept under `var`. Raises BussolaError."""
    library = open_to_ask(settings)
    measure_all(settings, (), progress, library=library)
    run_session(settings, cases, "", "", 0, False, progress, library)


def others(paths: Iterable[Path]) -> tuple[Collection, ...]:
    """Files of questions that are not in the register: tests, unless somebody has read them."""
    found = []
    for path in paths:
        plain = {
            "nome": path.stem, "titolo": f"Domande di prova ({path.stem})", "tipo": "domande",
            "file": path.resolve(), "uso": "prova",
            "scritta_da": "chi misura Bussola, che le tiene per sé",
            "readings": tuple(mark for mark in readings() if mark.collection == path.stem),
        }  # fmt: skip
        found.append(Collection.model_validate(plain))
    return tuple(found)
