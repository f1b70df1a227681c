"""Guides from other hands: Markdown written for other tools gives guides or findings."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from guide_texts import EMERGENCY, SCRIPT, SERVICE, SHEET

from index.check.rules import check_folder
from index.parse.chunk import chunk_guide
from index.parse.folder import read_guides
from index.parse.render import render_guide

FILES = 600
FRONT_MATTER = [
    "",
    "---\nlayout: post\ntitle: \"Welcome\"\ndate: 2026-01-02 10:00:00 +0100\n---\n",  # Jekyll
    '+++\ntitle = "Pagina"\ndraft = false\n[params]\n  weight = 3\n+++\n',  # Hugo
    '{\n "title": "Pagina"\n}\n',  # Hugo in JSON
    "---\nsidebar_position: 2\ntags: [a, b]\nslug: /guida\n---\n",  # Docusaurus
    "---\naliases:\n  - Conto\ntags: [[banca]]\ncssclass: wide\n---\n",  # Obsidian
    "---\nhide:\n  - toc\n---\n",  # MkDocs
    "Title: Pagina\nAuthor: Redazione\n\n",  # MultiMarkdown
    "% Titolo\n% Autore\n",  # Pandoc
    "---\ntitolo: senza chiusura\n",
    "---\n- un\n- elenco\n---\n",
    "---\ntitolo: a: b: c\n---\n",
    "---\n---\n",
    "<!-- commento -->\n",
    SHEET, SHEET, SHEET, SCRIPT, SERVICE, EMERGENCY,
]  # fmt: skip
BLOCKS = [
    "# Prova\n",
    "Prova\n=====\n",
    "## Chi può? {#chi}\n",
    "### Salta un livello\n",
    "#Senza spazio\n",
    "## Titolo con `codice` e **grassetto** {: .classe #id }\n",
    "Una frase. Un'altra frase, con [riferimento][1] e [altro].\n",
    "[1]: https://esempio.it/a_(b)?x=1&y=2 \"Titolo\"\n[altro]: <file con spazi.md>\n",
    "Nota a piè di pagina[^1].\n\n[^1]: Il testo della nota.\n",
    "<div class=\"box\">\n\n**dentro** HTML\n\n</div>\n",
    "<details><summary>Apri</summary>\nTesto nascosto<br/>\n</details>\n",
    "<script>alert('x')</script>\n<style>p{color:red}</style>\n",
    "| A | B |\n|:-|-:|\n| 1 | 2 | 3 |\n| solo una |\n| a \\| b | `c|d` |\n",
    "+---+---+\n| a | b |\n+===+===+\n",
    "!!! note\n    Rientrata.\n\n!!! warning \"Titolo\" inline end\n    Testo.\n",
    "??? tip\n    Chiusa.\n",
    ":::tip Consiglio\nTesto.\n:::\n",
    "> [!WARNING]\n> Attento a questo.\n",
    "{% include nota.html testo=\"x\" %}\n{{< figure src=\"a.png\" >}}\n",
    "<<<<<<< HEAD\nuna versione\n=======\naltra versione\n>>>>>>> ramo\n",
    "- [ ] da fare\n- [x] fatto\n    1. annidato\n        - più annidato\n\t- con tabulazione\n",
    "Termine\n: Definizione del termine\n",
    "$$\nx = \\frac{1}{2}\n$$\n",
    "~~~python title=\"a.py\"\n# commento\nprint('x')\n~~~\n",
    "```\nrecinto mai chiuso\n",
    "![](senza-testo.png) ![testo](a.png \"titolo\") <https://esempio.it> https://nudo.it\n",
    "[[wikilink|testo]] ==evidenziato== ~~barrato~~ H~2~O :smile: &nbsp;&copy;&#x1F600;\n",
    "[a](javascript:alert(1)) [b](http://[::1) [c](//host/x)\n",
    "[d](<>) [e](%zz) [f](?q#x) [g](\\\\x)\n",
    "***\n---\n___\n",
    "Riga con due spazi  \na capo\\\ne ancora\n",
    "﷽ العربية עברית 中文 🇮🇹 e\u0301 \u200b zero \u202e rovescio\n",
    "x" * 5000 + "\n",
    "parola " * 2000 + "\n",
    "> " * 60 + "annidato\n",
    "- " * 60 + "annidato\n",
    "*" * 300 + "a" + "_" * 300 + "\n",
    "[" * 200 + "a" + "](b)" * 200 + "\n",
    "\x00\x01\x1f\x7f\x85\u2028\u2029 caratteri di controllo\n",
    "Il termine è di 60 giorni per lavorare e costa € 5.000.\n",
    "## Passo: a {#a}\n\n- Sì → [b](#b)\n",
    "",
]  # fmt: skip
ENCODINGS = [
    lambda text: text.encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.replace("\n", "\r").encode(),
    lambda text: text.encode("latin-1", "replace"),
    lambda text: text.encode("utf-16"),
    lambda text: text.encode()[:-1] + b"\xc3",
]


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 600 files put together from the habits of other tools, always the same."""
    folder = tmp_path_factory.mktemp("foreign")
    choose = random.Random(20261122)
    for number in range(FILES):
        blocks = choose.choices(BLOCKS, k=choose.randint(0, 12))
        title = choose.choice(["# Prova\n\n", "# Prova\n\n", ""])
        text = choose.choice(FRONT_MATTER) + title + choose.choice(["\n", ""]).join(blocks)
        encode = choose.choices(ENCODINGS, weights=[8, 3, 3, 1, 1, 1, 1])[0]
        file = folder / f"cartella-{number % 7}" / f"guida-{number}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(encode(text))
    return folder


def test_every_foreign_file_is_read_or_told(foreign: Path) -> None:
    """Each of the 600 files is a guide or has a finding that says why not; none raises."""
    guides, findings = read_guides(foreign)
    read = {guide.path for guide in guides}
    told = {finding.path for finding in findings if finding.severity == "error"}
    assert len(read | told) == FILES
    assert not read & told
    assert len(read) >= FILES // 10, "too few made it through to say anything"
    assert all(finding.line >= 1 and finding.message for finding in findings)


def test_foreign_guides_go_through_the_whole_pipeline(foreign: Path) -> None:
    """Those that parse are checked, cut into passages and rendered without an exception, and
    no script or handler gets into the HTML."""
    guides, findings = check_folder(foreign)
    assert findings
    for guide in guides:
        passages = chunk_guide(guide, lambda text: len(text.split()))
        assert {p.guide for p in passages} <= {guide.slug}
        html = render_guide(guide)
        assert "<script" not in html
        assert "<style" not in html
        assert 'href="javascript' not in html


def test_line_numbers_stay_inside_the_file(foreign: Path) -> None:
    """A finding of a file points at one of its lines, or at the first for the whole file."""
    _, findings = read_guides(foreign)
    for finding in findings:
        text = (foreign / finding.path).read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        assert finding.line <= text.count(b"\n") + 1, str(finding)


def test_files_that_are_no_guides_are_left_alone(tmp_path: Path) -> None:
    """Hidden folders, READMEs and other files are not read."""
    for name in ("README.md", ".git/a.md", "nota.txt", ".b.md", "sotto/README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert read_guides(tmp_path) == ([], [])


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    """A dead link is a finding like the others; a folder named like a guide is a folder."""
    (tmp_path / "cartella.md").mkdir()
    (tmp_path / "morto.md").symlink_to(tmp_path / "nulla")
    _, (finding,) = read_guides(tmp_path)
    assert finding.path == "morto.md"
    assert "non si legge" in finding.message
