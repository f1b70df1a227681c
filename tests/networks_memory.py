"""How much memory a network more takes: `python tests/networks_memory.py 2` (from the root, after
an index build) opens as many copies of what is published in `var`, asks each, and prints MB."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import psutil
import yaml
from folders import GUIDES, ROOT

from chatbot.hosting.gateway import open_gateway
from chatbot.library import Library
from chatbot.parts import part
from chatbot.question import Question
from chatbot.settings import Settings
from index.publish.published import current_id
from server import create_app

QUESTIONS = ("Quanto dura il tirocinio?", "Un richiedente asilo può lavorare?")


def _copy(folder: Path, name: str) -> dict[str, object]:
    var, now = ROOT / "var", current_id(ROOT / "var") or ""
    place = folder / name
    shutil.copytree(var / "snapshots" / now, place / "var/snapshots" / now)
    shutil.copy(var / "CURRENT", place / "var/CURRENT")
    shutil.copytree(GUIDES, place / "guides")
    places = {"guides": str(place / "guides"), "var": str(place / "var")}
    return {**places, "hosts": [f"{name}.example"]}


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        file = folder / "networks.yaml"
        file.write_text(yaml.safe_dump({f"r{n}": _copy(folder, f"r{n}") for n in range(count)}))
        common = Settings(_env_file=None, networks=file, var=ROOT / "var")  # type: ignore[call-arg]
        for app in open_gateway(common, create_app).apps.values():
            library = part(app, Library)
            for text in QUESTIONS:
                library.bot.reply(Question(text), library.snapshot)
        used = psutil.Process().memory_full_info().uss
        print(f"{count}: {used / 2**20:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]))
