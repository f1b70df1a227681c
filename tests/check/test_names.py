"""The names that guides had: told when they are claimed twice, proposed when a file is renamed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from guide_texts import sheet
from networks import NETWORK
from typer.testing import CliRunner

from index.__main__ import app
from index.check.names import former_names, renamed
from index.check.rules import check_folder
from index.check.translations import translations
from index.guide import Guide, Handout
from index.parse.render import link_from, render_guide

BODY = "# Prova\n\nUno serve. Due costa. Tre dura.\n\n## A\n\nQuattro va.\n"


def named(slug: str, *former: str, body: str = BODY) -> Guide:
    guide = sheet(body, f"schede/{slug}.md")
    return replace(guide, slug=slug, former_names=former)


@pytest.mark.parametrize(
    ("guides", "told"),
    [
        ((named("a", "x"), named("b", "y")), []),
        ((named("a", "a"),), ["«nomi_precedenti»: «a» è il suo nome di adesso: toglilo"]),
        ((named("a", "b"), named("b")),
         ["«nomi_precedenti»: «b» è il nome di «schede/b.md»: toglilo"]),
        ((named("a", "x"), named("b", "x")),
         ["«nomi_precedenti»: «x» è già fra i nomi di «schede/a.md»: tienilo in una sola"]),
    ],
)  # fmt: skip
def test_a_name_is_of_one_guide(guides: tuple[Guide, ...], told: list[str]) -> None:
    """No two guides had one name, and none had that of a living one; each is an error."""
    found = list(former_names(guides))
    assert [f.message for f in found] == told
    assert {f.severity for f in found} <= {"error"}


def test_a_file_that_was_renamed_is_told_what_to_write() -> None:
    """It says most of what was published under a name that nobody has; once written, no more. A
    guide that is new, and one that only changed, are not told."""
    published = {"vecchia": named("vecchia"), "ferma": named("ferma")}
    other = named("altra", body="# Altra\n\nTutto diverso. Nulla di prima. Niente affatto.\n")
    edited = named("nuova", "ancora", body=BODY.replace("Quattro va", "Cinque"))
    (told,) = renamed([edited, other, named("ferma")], published)
    assert (told.path, told.rule, told.severity) == ("schede/nuova.md", "renamed", "warning")
    assert "«nomi_precedenti: [ancora, vecchia]»" in told.message
    settled = replace(edited, former_names=("ancora", "vecchia"))
    assert list(renamed([settled, other, named("ferma")], published)) == []
    assert list(renamed([other], published)) == []


def test_a_name_must_have_the_form_of_one(tmp_path: Path) -> None:
    """Told at its line, whoever's the folder."""
    text = "---\nnomi_precedenti: [Vecchio Nome.md]\n---\n\n# Prova\n\nTesto.\n"
    (tmp_path / "prova.md").write_text(text, encoding="utf-8")
    (told,) = check_folder(tmp_path)[1]
    assert (told.line, told.rule) == (2, "front-matter")
    assert "Vecchio Nome.md" in told.message


def test_links_by_an_old_name_are_told_and_work(tmp_path: Path) -> None:
    """A warning with the name of now, in a house too; the page leads there. An anchor that is not
    there, and a name that nobody had, are dead as ever."""
    (tmp_path / "rete").mkdir()
    (tmp_path / "rete/rete.yaml").write_text("nome: Casa\nregole:\n  link: errore\n")
    head = "---\ntitolo: {}\n{}---\n\n# {}\n\n"
    (tmp_path / "nuova.md").write_text(
        head.format("N", "nomi_precedenti: vecchia\n", "N") + "Testo.\n\n## A {#a}\n\nTesto.\n"
    )
    link = "[uno](vecchia.md#a) [due](vecchia.md#b) [tre](mai.md) [quattro](nuova.md)\n"
    (tmp_path / "altra.md").write_text(head.format("O", "", "O") + link)
    guides, findings = check_folder(tmp_path)
    told = [(f.severity, f.message) for f in findings if f.rule == "link"]
    assert ("warning", "«vecchia.md» ora si chiama «nuova.md»: aggiorna il collegamento") in told
    assert [severity for severity, _ in told].count("error") == 2
    mine = next(guide for guide in guides if guide.path == "altra.md")
    html = render_guide(mine, link=link_from(mine, guides))
    assert html.count('href="/guide/nuova') == 3


def test_translations_follow_the_sheet() -> None:
    """The file of a translation is told to take the new name, and is not taken for an orphan."""
    box = "\n## In parole semplici {#parole-semplici}\n\nPuoi aprire un conto.\n"
    sheets = [named("nuova", "vecchia", body=BODY + box)]
    handout = Handout(
        "vecchia", "fr", "traduzioni/fr/vecchia.md", "T", "---\n---\n\nUn.\n", "", True
    )
    told = [f.message for f in translations([handout], sheets)]
    assert "la scheda ora si chiama «nuova»: rinomina anche questo file" in told
    assert not any("togli il file" in message for message in told)
    assert NETWORK.level("translation") != "no"


def test_the_check_compares_with_what_is_published(
    small_copy: Path,
) -> None:
    """`index check` proposes the former name of a file that was renamed since."""
    old = small_copy / "guides/schede/codice-fiscale.md"
    for file in (small_copy / "guides").rglob("*.md"):
        file.write_text(file.read_text("utf-8").replace(old.name, "codice.md"), encoding="utf-8")
    old.rename(old.with_name("codice.md"))
    done = CliRunner().invoke(
        app, ["check", "--guides", f"{small_copy}/guides", "--var", f"{small_copy}/var"]
    )
    assert "schede/codice.md:1: avviso: prima si chiamava «codice-fiscale»" in done.output
