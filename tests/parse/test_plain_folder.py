"""A folder of Markdown that nobody prepared is read: nothing is asked of it or goes unsaid."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from folders import GUIDES
from networks import REAL, with_network
from typer.testing import CliRunner

from index.__main__ import app
from index.check.rules import check_folder
from index.errors import BussolaError
from index.finding import Finding
from index.guide import Guide
from index.network import HOUSE_RULES, NEUTRAL, Network
from index.parse.folder import read_guides
from index.parse.guide_file import parse_guide
from index.parse.render import link_from, render_guide
from index.parse.walk import MAX_BYTES

HOURS = "# Sportello lavoro\n\nSono 26 giorni di ferie.\n\n## Orari\n\nDalle 9 alle 13.\n"


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def read(text: str, path: str = "prova.md") -> tuple[Guide, list[Finding]]:
    guide, told = parse_guide(text.encode(), path)
    assert guide is not None, told
    return guide, told


def anchors(text: str) -> list[str]:
    return [section.anchor for section in read(text)[0].sections]


def test_a_file_without_front_matter_is_a_guide() -> None:
    """A sheet with the title of its heading and no dates; a number needs no law."""
    guide, told = read(HOURS)
    assert (guide.kind, guide.title, guide.verified_on, guide.review_by) == (
        "scheda", "Sportello lavoro", None, None,
    )  # fmt: skip
    assert [s.anchor for s in guide.sections] == ["sportello-lavoro", "orari"]
    assert told == []


def test_nothing_is_found_in_an_ordinary_folder(tmp_path: Path) -> None:
    """No house rule has anything to say of a folder without `rete/`."""
    guides, findings = check_folder(written(tmp_path, {"Guida Uno.MD": HOURS}))
    assert ([g.slug for g in guides], findings) == (["guida-uno"], [])


@pytest.mark.parametrize(
    ("text", "path", "title"),
    [
        ("# Uno\n\nx\n\n# Due\n", "a.md", "Uno"),
        ("## Uno\n\nx\n\n### Due\n", "a.md", "Uno"),
        ("## Uno\n\nx\n\n## Due\n", "orari_e-sedi.md", "Orari e sedi"),
        ("Prima il testo.\n\n## Uno\n", "Ferie annuali.MD", "Ferie annuali"),
        ("Testo.\n", "torino/index.md", "Torino"),
        ("Testo.\n", "index.md", "Indice"),
        ("---\ntitle: Casa\n---\n\n# Affitto\n", "a.md", "Casa"),
        ("", "a.md", "A"),
    ],
)
def test_titles(text: str, path: str, title: str) -> None:
    """From the front matter, else from the first heading, else from the file or its folder."""
    assert read(text, path)[0].title == title


def test_keys_of_other_programs_are_told_and_left_aside() -> None:
    """Jekyll's and Docusaurus's front matter stops nothing; ours is still judged."""
    guide, (told,) = read("---\ntitle: Casa\nlayout: post\ntags: [a]\n---\n\nTesto.\n")
    assert (guide.title, told.severity) == ("Casa", "warning")
    assert told.message.endswith("layout, tags")
    found, (wrong,) = parse_guide(b"---\nverificato_il: domani\n---\n\nTesto.\n", "a.md")
    assert (found, wrong.line, wrong.severity) == (None, 2, "error")


def test_anchors_stay_when_other_sections_change() -> None:
    """Headings that say the same differ by what they stand under, whatever is added elsewhere."""
    before = "# T\n\n## Torino\n\n### Orari\n\na\n\n## Cuneo\n\n### Orari\n\nb\n"
    after = before.replace("## Cuneo", "## Asti\n\n### Sede\n\nc\n\n## Cuneo")
    assert anchors(before) == ["t", "torino", "orari", "cuneo", "cuneo-orari"]
    assert set(anchors(before)) < set(anchors(after))


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\n# A\n\n# A\n",
        "## X {#a}\n\nx\n\n## Y {#a}\n\ny\n\n## A\n\nz\n\n## A 2\n",
        "Testo.\n\n# Inizio\n\n## Inizio {#inizio}\n\nx\n",
        "# !!\n\n# ??\n",
    ],
)
def test_anchors_are_never_shared(text: str) -> None:
    """Whatever the headings, two sections have two anchors."""
    found = anchors(text)
    assert len(found) == len(set(found))


def test_names_in_addresses(tmp_path: Path) -> None:
    """The file's name; with its folders where two files have the same; its folder's for an index;
    with a digest where letters are not ASCII; a README is left out, hidden folders too."""
    names = ("Orari.md", "cuneo/orari.MD", "cuneo/index.markdown", "Довідник.md", "README.md",
             "cuneo/ReadMe.md", ".git/a.md", "nota.txt")  # fmt: skip
    guides, findings = read_guides(written(tmp_path, dict.fromkeys(names, "Testo.\n")))
    slugs = {guide.path: guide.slug for guide in guides}
    abroad = slugs.pop("Довідник.md")
    assert slugs == {
        "Orari.md": "orari",
        "cuneo/orari.MD": "cuneo-orari",
        "cuneo/index.markdown": "cuneo",
    }
    assert abroad.startswith("guida-")
    assert abroad.isascii()
    assert findings == []


def test_links_lead_to_the_guide_meant(tmp_path: Path) -> None:
    """A link to a file, to a folder or without an ending opens the guide; a dead one is told."""
    text = "[a](cuneo/orari.md#sede) [b](cuneo/) [c](cuneo/orari) [d](/casa.md) [e](nulla.pdf)\n"
    files = {"orari.md": text, "cuneo/orari.md": "# O\n\n## Sede\n\nx\n",
             "cuneo/index.md": "x\n", "casa.md": "x\n"}  # fmt: skip
    guides, findings = check_folder(written(tmp_path, files))
    mine = next(guide for guide in guides if guide.path == "orari.md")
    html = render_guide(mine, link=link_from(mine, guides))
    for target in ("/guide/cuneo-orari#sede", "/guide/cuneo", "/guide/cuneo-orari", "/guide/casa"):
        assert f'href="{target}"' in html
    assert [(f.severity, "nulla.pdf" in f.message) for f in findings] == [("warning", True)]


def test_images_are_told_and_their_text_stays(tmp_path: Path) -> None:
    """An image kept beside the guide is not published: its text stands in its place."""
    (guide,), (told,) = check_folder(written(tmp_path, {"a.md": "Qui: ![la mappa](img/m.png)\n"}))
    assert (told.severity, "al suo posto si legge «la mappa»" in told.message) == ("warning", True)
    html = render_guide(guide)
    assert "<img" not in html
    assert "Qui: la mappa" in html


def test_the_house_rules_are_of_a_network(tmp_path: Path) -> None:
    """With `rete/` and its rules the same folder is refused: front matter, sources, anchors."""
    _, findings = check_folder(with_network(written(tmp_path, {"a.md": HOURS}), GUIDES))
    assert [(f.rule, f.severity) for f in findings] == [("required", "error")]
    assert {r for r in HOUSE_RULES if REAL.level(r) != "errore"} == {"translation"}
    told_everywhere = {r for r in HOUSE_RULES if NEUTRAL.level(r) == "avviso"}
    assert told_everywhere == {"link", "syntax", "translation"}
    assert NEUTRAL.rules_off == len(HOUSE_RULES) - len(told_everywhere)
    assert Network(levels={"required": "avviso"}).rules_off == NEUTRAL.rules_off - 1


def test_check_ends_with_how_many_rules_are_off(tmp_path: Path) -> None:
    """The last line says it, and where they are switched on; with all of them on there is none."""
    folder = written(tmp_path / "guide", {"a.md": HOURS})
    result = CliRunner().invoke(app, ["check", "--guides", str(folder)])
    last = result.output.strip().split("\n")[-1]
    assert result.exit_code == 0
    assert last.startswith(f"{NEUTRAL.rules_off} regole della casa su {len(HOUSE_RULES)} spente")
    assert "rete/rete.yaml" in last
    house = CliRunner().invoke(app, ["check", "--guides", str(with_network(folder, GUIDES))])
    assert "spente" not in house.output


def test_a_folder_that_is_not_there_or_empty_is_told_by_name(tmp_path: Path) -> None:
    """Both are an error with the folder's name, for the check as for the build."""
    for folder in (tmp_path / "nessuna", tmp_path):
        with pytest.raises(BussolaError, match=folder.name):
            check_folder(folder)


def test_what_cannot_be_a_guide_is_told_by_name(tmp_path: Path) -> None:
    """A huge file, links to elsewhere, a name without sense, a pipe: each is told, none is read,
    and the guide beside them is."""
    folder, outside = tmp_path / "guide", tmp_path / "altrove"
    outside.mkdir()
    written(folder, {"buona.md": HOURS})
    written(outside, {"segreto.md": "x\n"})
    with (folder / "enorme.md").open("wb") as file:
        file.truncate(25 * MAX_BYTES)
    (folder / "fuori.md").symlink_to(outside / "segreto.md")
    (folder / "cartella").symlink_to(outside)
    (folder / "giro.md").symlink_to("giro.md")
    os.mkfifo(folder / "tubo.md")
    (Path(os.fsdecode(os.fsencode(folder) + b"/caff\xe8.md"))).write_bytes(b"x\n")
    guides, findings = check_folder(folder)
    assert [guide.path for guide in guides] == ["buona.md"]
    told = {f.path: f.message for f in findings}
    assert set(told) == {
        "enorme.md", "fuori.md", "cartella", "giro.md", "tubo.md", "caff\\xe8.md",
    }  # fmt: skip
    assert "50 MB" in told["enorme.md"]
    assert all(f.severity == "error" for f in findings)


def test_ten_thousand_files_are_told_one_by_one(tmp_path: Path) -> None:
    """Of a folder where none but one can be read each has its finding, and that one is a guide."""
    written(tmp_path, {"buona.md": HOURS})
    for number in range(9_999):
        (tmp_path / f"{number:04}.md").write_bytes(b"\xff")
    guides, findings = check_folder(tmp_path)
    assert [guide.path for guide in guides] == ["buona.md"]
    assert [f.path for f in findings] == [f"{number:04}.md" for number in range(9_999)]
    assert {f.severity for f in findings} == {"error"}
