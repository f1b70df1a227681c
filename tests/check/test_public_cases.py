"""What other systems lost in silence: each public case is kept, or told at its line.

`tests/data/pairs/public_cases.txt` is for anybody to add to. A case is a title, the Markdown of a
file, and what is expected of it in a folder that nobody prepared, a line each:

- `7 errore lost: …` or `7 avviso syntax: …`: a finding at line 7, and how its message begins; all
  those there are;
- `= Servono: > permesso`: this can be cited, a lead-in before ` > `;
- `! [x]`: this is neither in what can be cited nor on the page.

`{U+202E}` in the Markdown stands for a character that cannot be seen.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from folders import MADE
from guide_texts import BODY, PLAIN, SHEET
from hypothesis import HealthCheck, settings
from hypothesis import given as inputs
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from networks import NETWORK, with_network
from pairs import pairs
from visible import visible_words, words

from index.check.rules import check_folder, check_guides
from index.finding import Finding
from index.guide import Guide
from index.network import NEUTRAL, Network
from index.parse.guide_file import parse_guide
from index.parse.render import render_guide

TODAY = date(2026, 11, 23)
SEVERITIES = {"error": "errore", "warning": "avviso"}


def told_of(text: str, network: Network = NEUTRAL) -> tuple[Guide | None, list[Finding]]:
    guide, told = parse_guide(text.encode(), "prova.md", network)
    checked = check_guides([guide], TODAY, network=network) if guide else []
    return guide, sorted([*told, *checked])


def citable(guide: Guide) -> list[str]:
    units = [unit for section in guide.sections for unit in section.units]
    return [f"{unit.lead} > {unit.text}" if unit.lead else unit.text for unit in units]


@pairs("public_cases")
def test_public_case(given: str, expected: str) -> None:
    """The findings are these; what is to be kept can be cited, what is not is nowhere."""
    text = re.sub(r"\{U\+([0-9A-F]+)\}", lambda match: chr(int(match[1], 16)), given)
    guide, findings = told_of(text)
    lines = expected.split("\n")
    told = [f"{f.line} {SEVERITIES[f.severity]} {f.rule}: {f.message}" for f in findings]
    wanted = [line for line in lines if line[:1].isdigit()]
    assert len(told) == len(wanted), told
    in_order = zip(sorted(told), sorted(wanted), strict=True)
    assert all(t.startswith(w) for t, w in in_order), told
    units, page = (citable(guide), render_guide(guide)) if guide else ([], "")
    assert [line[2:] for line in lines if line[:1] == "=" and line[2:] not in units] == []
    shown = "\n".join([page, *units])
    assert [line[2:] for line in lines if line[:1] == "!" and line[2:] in shown] == []


def test_the_house_refuses_what_a_plain_folder_is_told() -> None:
    """`syntax` is a rule of the house: an error where a network says so."""
    _, findings = told_of(SHEET + BODY + "\nCosta ~~20~~ poco.\n" + PLAIN, NETWORK)
    assert [f.rule for f in findings] == ["syntax"]


@pytest.mark.parametrize(
    ("title", "heading"),
    [("L'aiuto", "L’aiuto"), ("Un{nb}conto", "Un conto"), ("Il  conto", "Il conto"),
     ("Citta{grave}", "Città")],
)  # fmt: skip
def test_fm_06_titles_that_look_the_same_are_the_same(title: str, heading: str) -> None:
    """Apostrophes, blanks and accents in two pieces make no other title; other words do."""
    written = title.format(nb="\u00a0", grave="\u0300")
    head = SHEET.replace("Prova", f'"{written}"')
    assert parse_guide(f"{head}# {heading}\n\nTesto.\n".encode(), "a.md", NETWORK)[1] == []
    (other,) = parse_guide(f"{head}# Altro\n\nTesto.\n".encode(), "a.md", NETWORK)[1]
    assert other.rule == "title"


def test_md_20_two_headings_alike_are_told_with_each_other() -> None:
    """The second is not offered an anchor with a number that nobody would read."""
    body = "\n## Documenti\n\nServe il permesso di oggi.\n\n## Documenti\n\nServe altro, domani.\n"
    told = told_of(SHEET + BODY + body + PLAIN, NETWORK)[1]
    first, second = (finding for finding in told if finding.rule == "anchor")
    assert first.message.endswith("«{#documenti}»")
    assert f"alla riga {first.line}" in second.message


def test_fm_09_files_that_are_passed_over_are_told(tmp_path: Path) -> None:
    """`.MD` and `.markdown` are read; other endings of Markdown, and documents, are told."""
    for name in ("a.MD", "b.markdown", "c.md.txt", "d.mdx", "e.docx", "f.txt", "~$g.docx"):
        (tmp_path / name).write_text(f"Testo di {name[0]}.\n", encoding="utf-8")
    guides, told = check_folder(tmp_path)
    assert [guide.path for guide in guides] == ["a.MD", "b.markdown"]
    assert [(f.path, f.severity) for f in told] == [
        ("c.md.txt", "warning"), ("d.mdx", "warning"), ("e.docx", "warning"),
    ]  # fmt: skip


def test_fm_10_copies_are_told(tmp_path: Path) -> None:
    """A copy, one changed a little, and a link: each names the file it says again."""
    text = "# Prova\n\nUna frase.\n\nDue frasi.\n\nTre frasi.\n"
    (tmp_path / "prova.md").write_text(text, encoding="utf-8")
    (tmp_path / "prova-copia.md").write_text(text, encoding="utf-8")
    (tmp_path / "prova-nuova.md").write_text(text.replace("Tre", "Quattro"), encoding="utf-8")
    (tmp_path / "altra.md").write_text("# Prova\n\nTutto diverso.\n", encoding="utf-8")
    (tmp_path / "zeta.md").symlink_to(tmp_path / "prova.md")
    told = check_folder(tmp_path)[1]
    assert [(f.path, f.rule, f.severity) for f in told] == [
        (name, "copy", "warning") for name in ("prova-nuova.md", "prova.md", "zeta.md")
    ]
    assert "«prova-copia.md»" in told[1].message


def test_a_file_that_is_not_read_makes_no_dead_links(tmp_path: Path) -> None:
    """One mistake of a front matter is one finding, however many guides lead to it."""
    (tmp_path / "rotta.md").write_text("---\ntitolo: a: b\n---\n\n# A\n", encoding="utf-8")
    for n in range(20):
        text = f"# Guida {n}\n\nVedi [A](rotta.md#qui), per il caso {n}.\n"
        (tmp_path / f"g{n}.md").write_text(text, encoding="utf-8")
    (told,) = check_folder(tmp_path)[1]
    assert (told.path, told.line) == ("rotta.md", 2)


def test_md_28_a_merge_in_the_network_is_told(tmp_path: Path) -> None:
    """The files of `rete/` are read the same way."""
    with_network(tmp_path)
    file = tmp_path / "rete/rete.yaml"
    file.write_text("<<<<<<< HEAD\n" + file.read_text("utf-8"), encoding="utf-8")
    (tmp_path / "a.md").write_text("Testo.\n", encoding="utf-8")
    assert ("rete/rete.yaml", 1, "merge") in [
        (f.path, f.line, f.rule) for f in check_folder(tmp_path)[1]
    ]


TEXTS = ["Uno due.", "Costa 20 euro", "Tre (quattro", "cinque: sei", "Otto 2026.", "c è"]
BLOCKS = [
    "{0}\n", "## {0}\n", "##{0}\n", "{0}\n---\n", "- {0}\n- {1}\n", "2. {0}\n", "> {0}\n",
    "| {0} | {1} |\n| --- | --- |\n| {1} | {0} | oltre |\n| sola |\n", "| {0} |\n| - | - |\n",
    "~~~\n{0}\n~~~\n", "```\n{0}\n", "    {0}\n", "~~{0}~~ {1}\n", "=={0}==\n", "[[{0}]]\n",
    "[{0}](un file.md)\n", "[{0}](https://a.it) {1}\n", "[{0}][manca]\n",
    "::: nota {0}\n{1}\n:::\n",
    "{{% hint %}}\n{0}\n{{% endhint %}}\n", "{0}\n: {1}\n", "!!! nota\n{0}\n", "• {0}\n• {1}\n",
    "<!-- {0} -->\n", "{0} <!-- nascosta --> {1}\n", "[{0}]: parola\n", "$$ {0} $$\n",
    "![{0}](https://a.it/b.png) {1}\n", "{0}<br>{1}\n", "*{0}* **{1}** `{0}`\n", "+---+\n| {0} |\n",
    "=== \"{0}\"\n", "[TOC]\n", "{0} {{#qui}}\n", "\\*{0}\\* &amp; {1}\n",
]  # fmt: skip
DOCUMENTS = st.lists(
    st.tuples(st.sampled_from(BLOCKS), st.sampled_from(TEXTS), st.sampled_from(TEXTS)), max_size=7
).map(lambda parts: "\n".join(block.format(*texts) for block, *texts in parts))
COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable("table")


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@inputs(DOCUMENTS)
def test_every_visible_word_is_in_a_unit_or_in_a_finding(markdown: str) -> None:
    """What CommonMark shows of any document can be cited, or is told; comments are neither. The
    kind of a notice is shown as its title, with a capital."""
    guide, findings = told_of("# Prova\n\n" + markdown)
    assert guide is not None, findings
    sections = guide.sections
    kept = "\n".join([*citable(guide), *(h for s in sections for h in s.heading_path)])
    told = "\n".join(finding.message for finding in findings)
    seen = visible_words(COMMONMARK.render("# Prova\n\n" + markdown).lower())
    # the address of a link is seen only where a comment never closed makes all plain text
    lost = seen - words(kept.lower()) - words(told.lower()) - words("https://a.it")
    assert not lost, (lost, kept, told)


def test_the_made_guides_have_no_findings_of_syntax() -> None:
    """The guides of the tests use what Bussola shows as it is meant, and nothing else."""
    rules = {"syntax", "lost", "character", "merge", "copy"}
    assert [f for f in check_folder(MADE, TODAY)[1] if f.rule in rules] == []
