"""From Markdown to sections and passages: no visible word is lost, whoever wrote it."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache

import pytest
from folders import DATA
from guide_texts import BODY, SERVICE, SHEET, guide, sheet
from hypothesis import HealthCheck, settings
from hypothesis import given as inputs
from hypothesis import strategies as st
from pairs import pairs
from visible import visible_words, words

from index.finding import has_error
from index.guide import Guide
from index.parse.chunk import chunk_section
from index.parse.guide_file import parse_guide, read_sections
from index.parse.markdown import make_parser, parse_tokens

HEAD = "---\na: b\n---\n\n"
# Example 161: inside a block of HTML a fence is text; a guide has no HTML, so there it is a fence,
# and the word after the backticks names a language and is not shown.
LANGUAGE_OF_A_FENCE = {161: {"c"}}


@cache
def any_guide() -> Guide:
    return sheet(BODY)


def passage_words(markdown: str) -> Counter[str]:
    """The words of the passages of `markdown`, cut small so that cutting is tried too."""
    sections = read_sections(parse_tokens(HEAD + markdown)[1:], "Prova")
    passages = [
        passage
        for section in sections
        for passage in chunk_section(any_guide(), section, lambda text: 2 * len(text.split()), 60)
    ]
    return words("\n".join(passage.embedded for passage in passages))


def rendered(markdown: str) -> str:
    """The HTML a reader of the guide is given."""
    parser = make_parser()
    parser.add_render_rule("front_matter", lambda *_: "")  # type: ignore[arg-type]
    return parser.renderer.render(parse_tokens(HEAD + markdown), parser.options, {})


@pairs("sections")
def test_sections(given: str, expected: str) -> None:
    """Headings make these sections, with level, anchor, path and units."""
    sections = read_sections(parse_tokens(HEAD + given)[1:], "Titolo")
    lines = [
        f"{s.level} {s.anchor} | {' › '.join(s.heading_path)} | {' '.join(u.text for u in s.units)}"
        for s in sections
    ]
    assert lines == expected.split("\n")


COMMONMARK = json.loads((DATA / "conformance/commonmark.json").read_bytes())


def test_there_are_all_the_examples() -> None:
    """The whole specification is tried."""
    assert len(COMMONMARK) == 652


@pytest.mark.parametrize("example", COMMONMARK, ids=lambda e: f"{e['example']}-{e['section']}")
def test_commonmark_loses_no_word(example: dict[str, object]) -> None:
    """Every word that the specification says a reader sees is in a passage."""
    lost = visible_words(str(example["html"])) - passage_words(str(example["markdown"]))
    assert set(lost) <= LANGUAGE_OF_A_FENCE.get(int(str(example["example"])), set())


WORDS = [
    "uno", "due", "tre.", "Quattro", "cinque?", "«sei»", "(sette", "otto:", "art.", "9", "l.",
    "47/2017", "Sì.", "No.", "d.lgs.", "1",
]  # fmt: skip
MARKS = [
    "- ", "1. ", "> ", "## ", "### ", "    ", "| ", '!!! nota "a b"\n    ', "***", "**", "`", "_",
    "[x](y)", "![alt](i.png)", "```\n", "\n", "\n\n", "| --- |\n", "|", "{#a}", "* ", "<b>", "</b>",
    "\\", "&amp;", "\t", '[r]: /u "t t"\n', "---\n", "===\n", "  \n", "~~~ x\n", "! ", "](", "[",
]  # fmt: skip
LINES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
DOCUMENTS = st.lists(st.one_of(LINES, st.sampled_from(MARKS)), max_size=25).map("".join)
CHARACTERS = st.text(alphabet="ab 1.-*_#>|`[]()!\n\t\\<&;:{}~=+\"'\ufeff\x00\u00a0é«»", max_size=80)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@inputs(st.one_of(DOCUMENTS, CHARACTERS))
def test_no_document_loses_a_word(markdown: str) -> None:
    """Whatever is put together from Markdown's signs, what a reader sees is in the passages."""
    assert not visible_words(rendered(markdown)) - passage_words(markdown)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@inputs(st.one_of(st.binary(max_size=200), CHARACTERS.map(str.encode)), st.booleans())
def test_any_file_is_parsed_or_told(data: bytes, with_head: bool) -> None:
    """Bytes of any sort give a guide or findings, never an exception."""
    found, told = parse_guide(SHEET.encode() * with_head + data, "schede/a.md")
    assert (found is None) == has_error(told)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_do_not_count(newline: str, mark: str) -> None:
    """A file of Windows or of an old Mac, with or without a mark, gives the same guide."""
    text = SHEET + BODY + "\n## Chi? {#chi}\n\n- uno\n- due\n"
    found, _ = parse_guide((mark + text.replace("\n", newline)).encode(), "schede/prova.md")
    assert found == guide(text)


def test_facts_of_a_service_become_a_section() -> None:
    """Address, hours and contacts of the front matter can be found and cited like the rest, and
    signs of Markdown in them are shown as they are."""
    fields = 'indirizzo: "Via *Po* 1"\norari: "lun-ven 9-13"\ncontatti:\n  telefono: "112"\n'
    service = guide(SERVICE.replace("per_chi", f"{fields}per_chi") + BODY, "servizi/a.md")
    contacts = service.sections[-1]
    assert [unit.text for unit in contacts.units[1:]] == [
        "Indirizzo: Via *Po* 1",
        "Orari: lun-ven 9-13",
        "Telefono: 112",
        "Da verificare: chiamare prima di inviare una persona",
    ]


def test_days_out_of_order_are_told() -> None:
    """What is wrong with the whole front matter, and not with one of its keys, has a line too."""
    text = SHEET.replace("rivedere_entro: 2027-02-20", "rivedere_entro: 2026-11-01")
    found, findings = parse_guide((text + BODY).encode(), "schede/prova.md")
    assert found is None
    assert [str(f) for f in findings] == [
        "schede/prova.md:2: «rivedere_entro» deve venire dopo «verificato_il»"
    ]
