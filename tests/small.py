"""A small folder of the guides made for the tests, and what a build makes of it."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

from folders import MADE

NAMES = (
    "schede/conto-di-base.md",
    "schede/codice-fiscale.md",
    "emergenze/violenza.md",
    "servizi/upm-torino.md",
    "servizi/antiviolenza-1522.md",
    "copioni/conto-corrente.md",
)


def small_folder(folder: Path) -> Path:
    """A copy of a few guides with their network, links to the others made plain text."""
    shutil.copytree(MADE / "rete", folder / "rete")
    for name in NAMES:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_without_links((MADE / name).read_text("utf-8")), encoding="utf-8")
    return folder


def _without_links(text: str) -> str:
    kept = {Path(name).name for name in NAMES}
    lines = []
    for line in text.split("\n"):
        for other in MADE.rglob("*.md"):
            if other.name not in kept and other.name in line:
                line = line.replace("](" + _link(line, other.name) + ")", "](https://esempio.it)")
        lines.append(line)
    return "\n".join(lines)


def _link(line: str, name: str) -> str:
    end = line.index(")", line.index(name))
    return line[line.rindex("(", 0, end) + 1 : end]


def edit(folder: Path, words: str) -> None:
    """Change one sentence of one guide."""
    path = folder / NAMES[0]
    text = path.read_text("utf-8")
    path.write_text(re.sub("(?m)^Sì, .*?:", f"Sì, {words}:", text, count=1), encoding="utf-8")


def look_at_all_today(folder: Path) -> Path:
    """`folder`, its guides looked at today, on whatever day the tests run: of their day the check
    has nothing to say."""
    today = date.today()
    days = {"verificato_il": today, "rivedere_entro": today + timedelta(days=180)}
    for path in folder.rglob("*.md"):
        text = path.read_text("utf-8")
        for name, day in days.items():
            text = re.sub(rf"(?m)^{name}: .*$", f"{name}: {day}", text, count=1)
        path.write_text(text, encoding="utf-8")
    return folder


def copy_of(source: Path, target: Path) -> Path:
    """A folder as another test left it."""
    shutil.copytree(source, target, symlinks=True)
    return target
