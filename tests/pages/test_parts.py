"""Texts, brand, news: the parts of the portal that need no browser."""

from __future__ import annotations

import json
import re
import string
from datetime import date
from pathlib import Path

import pytest

from chatbot.pages.brand import BrandError, contrast, load_brand
from chatbot.pages.changes import Change, _difference
from chatbot.pages.page import WEB, contact_link
from chatbot.pages.texts import LANGUAGES, fold, load_texts
from index.guide import Contact

TEXTS = WEB / "texts"
FILES = {
    code: json.loads((TEXTS / f"{code}.json").read_text("utf-8"))
    | {"statements": json.loads((TEXTS / "statements" / f"{code}.json").read_text("utf-8"))}
    for code in LANGUAGES
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["widget", "pages", "statements"])
def test_every_language_says_everything(language: str, part: str) -> None:
    """Same keys and same placeholders as Italian, nothing empty, twelve months."""
    italian, other = FILES["it"][part], FILES[language][part]
    assert list(other) == list(italian)
    for key, text in other.items():
        assert text.strip(), key
        assert placeholders(text) == placeholders(italian[key]), key
    assert len(FILES[language]["months"]) == 12


def test_every_text_used_exists() -> None:
    """No template or script asks for a text that is not there; no text is left unused."""
    templates = "".join(p.read_text("utf-8") for p in (WEB / "templates").glob("*.html"))
    parts = [WEB / "widget.js", *(WEB / "widget").glob("*.js")]
    scripts = "".join(p.read_text("utf-8") for p in parts)
    pages = FILES["it"]["pages"] | FILES["it"]["statements"]
    widget = FILES["it"]["widget"]
    asked = set(re.findall(r"""\bt\(['"]([\w-]+)['"][,)]""", templates))
    assert asked <= set(pages)
    asked = set(re.findall(r"""\bt\("([\w-]+)\"""", scripts))
    assert asked <= set(widget)
    prefixes = ("outcome_", "stage_", "reason_", "title_", "context_")
    unused = {k for k in widget if f'"{k}"' not in scripts and not k.startswith(prefixes)}
    assert unused == set()


def test_unknown_language_falls_back_to_italian() -> None:
    """A language from elsewhere does not break the page."""
    assert load_texts("../../etc/passwd").language == "it"
    assert load_texts("it").day(date(2026, 11, 22)) == "22 novembre 2026"
    assert load_texts("es").day(date(2026, 11, 22)) == "22 de noviembre de 2026"


def test_fold_ignores_accents_and_capitals() -> None:
    """What the instant search compares."""
    assert fold("Perché È") == "perche e"


def test_contrast_formula() -> None:
    """Black on white is 21, a colour on itself 1 (WCAG 2.2, contrast ratio)."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def test_brand_with_faint_colour_is_refused(tmp_path: Path) -> None:
    """A colour nobody could read on the page stops the start, with its contrast in the message."""
    path = tmp_path / "brand.toml"
    path.write_text(
        'name = "X"\nclaim = ""\norganisation = "Y"\n[accent]\nlight = "#88ccdd"\n', "utf-8"
    )
    with pytest.raises(BrandError, match=r"contrasto 1\.\d"):
        load_brand(path)
    path.write_text('name = "X"\nunknown = 1\n', "utf-8")
    load_brand.cache_clear()
    with pytest.raises(BrandError, match="non si legge"):
        load_brand(path)


def test_colour_cannot_carry_css(tmp_path: Path) -> None:
    """Only #rrggbb reaches the style sheet."""
    path = tmp_path / "brand.toml"
    path.write_text(
        'name = "X"\nclaim = ""\norganisation = "Y"\n[accent]\nlight = "red;} body{display:none"\n',
        "utf-8",
    )
    with pytest.raises(BrandError, match="#rrggbb"):
        load_brand(path)


def test_shipped_colours_reach_aa() -> None:
    """Every pair of text and background of the tokens, in both themes, is at least 4.5 to 1."""
    css = (WEB / "tokens.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--b-([\w-]+): (#[0-9a-f]{6})", block))
        for block in (css.split("@media")[0], css.rsplit(":root[data-theme", 1)[1])
    )
    for theme in (light, dark):
        for ink in ("ink", "muted", "accent", "good", "warn", "danger"):
            for paper in ("paper", "surface", "sunken"):
                assert contrast(theme[ink], theme[paper]) >= 4.5, (ink, paper)
        pairs = {
            "accent-ink": "accent", "mark-ink": "mark", "ink": "accent-soft",
            "accent": "accent-soft", "warn": "warn-soft", "danger": "danger-soft",
        }  # fmt: skip
        for ink, paper in pairs.items():
            assert contrast(theme[ink], theme[paper]) >= 4.5, (ink, paper)
        for edge in ("surface", "paper"):
            assert contrast(theme["line"], theme[edge]) >= 3, edge


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("telefono", "011 123 456", "tel:011123456"),
        ("telefono", "+39 011 123", "tel:+39011123"),
        ("telefono", "chiedere", None),
        ("email", "a@b.it", "mailto:a@b.it"),
        ("sito", "javascript:alert(1)", "https://javascript:alert(1)"),
        ("sito", "https://x.it", "https://x.it"),
        ("whatsapp", "351 1376335", "https://wa.me/393511376335"),
        ("whatsapp", "+44 7700 900123", "https://wa.me/447700900123"),
    ],
)
def test_contact_links(kind: str, value: str, expected: str | None) -> None:
    """A contact becomes the link that uses it, and never a script."""
    assert contact_link(Contact(kind, value)) == expected


def test_differences_between_snapshots() -> None:
    """Added, changed and removed guides are told apart; an untouched one is not news."""
    day = date(2026, 11, 23)

    def guide(slug: str, text: str) -> dict[str, str]:
        return {"slug": slug, "title": slug.upper(), "markdown": text}

    before = {s: guide(s, t) for s, t in {"a": "1", "b": "1", "c": "1"}.items()}
    after = {s: guide(s, t) for s, t in {"a": "1", "b": "2", "d": "1"}.items()}
    assert set(_difference(before, after, day)) == {
        Change(day, "changed", "b", "B"),
        Change(day, "removed", "c", "C"),
        Change(day, "added", "d", "D"),
    }


def test_map_is_light_and_credited() -> None:
    """The boundaries stay under 300 kB, cover the region, and carry their credit."""
    path = WEB / "data" / "comuni.geojson"
    assert path.stat().st_size < 300_000
    assert len(json.loads(path.read_text("utf-8"))["features"]) == 1178
    assert "CC BY 4.0" in (WEB / "data" / "README.md").read_text("utf-8")
