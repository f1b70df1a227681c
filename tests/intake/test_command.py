"""`index intake`: drafts written, losses told, a refused document stops no other."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from folders import MADE
from intake_files import new_document, saved, ten_pages
from typer.testing import CliRunner, Result

from index.__main__ import app
from index.check.rules import check_folder
from index.network import NEUTRAL
from index.parse.folder import read_all
from index.parse.guide_file import parse_guide


def run(tmp_path: Path, *words: str | Path) -> Result:
    """With a folder of guides and one of generated files that have nothing in them."""
    (tmp_path / "guide").mkdir(exist_ok=True)
    where = ("--guides", tmp_path / "guide", "--var", tmp_path / "var")
    return CliRunner().invoke(app, ["intake", *map(str, (*words, *where))])


def test_ten_pages_become_a_draft_with_no_finding(tmp_path: Path) -> None:
    done = run(tmp_path, ten_pages(tmp_path / "dieci.docx"), "--url", "https://example.org/t")
    assert done.exit_code == 0, done.output
    guides, findings = check_folder(tmp_path / "guide")
    assert findings == []
    (guide,) = guides
    assert (guide.draft, guide.path, guide.title) == (True, "bozze/il-tirocinio.md", "Il tirocinio")
    assert guide.verified_on == NEUTRAL.today()
    assert [s.url for s in guide.sources] == ["https://example.org/t"]
    rows = [u for s in guide.sections for u in s.units if u.kind == "row"]
    assert len(rows) == 20
    assert "sotto «Passo 2»: commento: «Chiedere conferma 2»" in done.output


def test_chapters_are_drafts_apart_and_a_refused_file_stops_no_other(tmp_path: Path) -> None:
    wrong = tmp_path / "vuoto.docx"
    wrong.write_bytes(b"")
    path = ten_pages(tmp_path / "dieci.docx")
    done = run(tmp_path, wrong, path, "--by-chapter", "--json")
    assert done.exit_code == 1
    refused, taken = json.loads(next(x for x in done.output.splitlines() if x.startswith("[")))
    assert refused["refused"] == "il file è vuoto"
    assert len(taken["drafts"]) == 10
    guides, told = read_all(tmp_path / "guide")
    assert (len(guides), told) == (10, [])
    again = run(tmp_path, path, "--by-chapter", "--dry-run")
    assert "prova, non ho scritto nulla" in again.output
    assert len(read_all(tmp_path / "guide")[0]) == 10


def test_needs_are_those_of_the_guides_nearby(published: Path, tmp_path: Path) -> None:
    """Those of the one sheet about accounts, in the network that lists them."""
    document = new_document("Il conto di base in banca")
    document.add_heading("Chi può aprire un conto di base?", 1)
    document.add_paragraph("Chi soggiorna legalmente può aprire un conto di base in banca.")
    path = saved(document, tmp_path / "conto.docx")
    words = [str(path), "--guides", str(MADE), "--var", str(published), "--to", str(tmp_path)]
    done = CliRunner().invoke(app, ["intake", *words])
    assert done.exit_code == 0, done.output
    guide, told = parse_guide((tmp_path / "il-conto-di-base-in-banca.md").read_bytes(), "a.md")
    assert guide is not None, told
    assert guide.needs[0] == "denaro"


def test_thirty_pages_take_less_than_ten_seconds_of_work(tmp_path: Path) -> None:
    """Of the processor, so that other work on the machine does not count."""
    path = tmp_path / "trenta.docx"
    document = new_document("Il manuale")
    for number in range(30):
        document.add_heading(f"Capitolo {number}", 1)
        for _ in range(12):
            document.add_paragraph(f"L'ente {number} spiega che cosa serve e quando. " * 6)
        table = document.add_table(rows=5, cols=4)
        for at, cell in enumerate(c for row in table.rows for c in row.cells):
            cell.text = f"{number}.{at}"
    saved(document, path)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "index", "intake", str(path), "--guides", str(tmp_path),
               "--var", str(tmp_path)]  # fmt: skip
    subprocess.run(command, check=True, env=dict(os.environ), capture_output=True, timeout=300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 10
    assert len(read_all(tmp_path)[0][0].sections) > 30
