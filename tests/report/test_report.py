"""The report: seen in a real browser, from disk, without network, in the light and in the dark."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from axe import NONE, violations_by_colours
from made_report import QUOTE, make_result, make_run
from playwright.sync_api import Browser, Page

from eval.judging.facts import FactSeen, FactsSeen
from eval.judging.judge import Graded, Judged
from eval.report.page import mark_quotes, render_report
from eval.report.why import explain_rank
from eval.runs.baseline import read_baseline
from eval.runs.compare import compare
from eval.runs.history import add_to_history, read_history
from eval.runs.summary import summarise


def test_the_report_tells_what_is_wrong(shown: Page) -> None:
    """Red at the top, the lost important case by name, six plots drawn, nothing fetched."""
    errors: list[str] = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.on("request", lambda request: errors.append(request.url))
    assert "C'è un passo indietro" in shown.inner_text(".verdict")
    assert "caso-1" in shown.inner_text(".verdict")
    assert shown.locator("figure svg").count() == 6
    assert shown.locator("figure svg").first.bounding_box()["width"] > 200  # type: ignore[index]
    assert errors == []


def test_it_opens_with_peoples_questions(shown: Page) -> None:
    """Before any case: who wrote them, how many, what they were used for, share and interval, by
    language and need, and the failures; a run without them says how to get them."""
    assert shown.locator("main > section").first.get_attribute("aria-labelledby") == "persone"
    text = shown.inner_text("section[aria-labelledby=persone]")
    assert "Domande di persone (10)" in text
    assert "Chi le ha scritte: altri." in text
    assert "Non è una prova: è servita per i pesi." in text
    assert "50 % (24–76)" in text
    assert "Per bisogno (2)" in text
    assert "50 volte su 100 non dice niente di giusto" in text
    assert "Che cosa non è andato: 5" in text
    assert "posso <b>0</b>?" in shown.text_content("ol.failed li")
    assert "non sono ancora state poste" in render_report(make_run(), read_baseline())


@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_narrow_and_wide_screens(shown: Page, width: int) -> None:
    """Nothing but the tables, each in its own frame, is wider than the screen."""
    shown.set_viewport_size({"width": width, "height": 800})
    shown.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    for meaning in shown.locator(".told td.name").all()[:9]:  # what a measure means is in sight
        box = meaning.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width


def test_figures_by_group_and_what_was_not_compared(shown: Page) -> None:
    """Every grouping has its table with intervals; why the reference is one stands beside it;
    cases that differ are named."""
    groups = shown.locator("#gruppi ~ details")
    assert groups.count() == 7
    assert "gravità" in groups.all_inner_texts()[5]
    compared = shown.locator("section[aria-labelledby=confronto]")
    assert "«la prima prova intera»" in compared.inner_text()
    assert "Casi nuovi, non confrontati: 1" in compared.inner_text()
    assert "23 novembre 2026, 10:00 UTC" in shown.inner_text("body")


def test_what_moved_is_told_in_words() -> None:
    """Before any table: which measures changed more than chance explains, and which way."""
    run = make_run()
    found = compare(make_run("a"), run)
    assert "Nessuna misura è cambiata più" in render_report(run, read_baseline(), found)
    moved = [replace(one, significant=one.measure == "hit@3", worse=True)
             for one in found.differences]  # fmt: skip
    page = render_report(run, read_baseline(), replace(found, differences=tuple(moved)))
    told = "il caso: passaggio giusto fra i primi tre (in peggio)."
    assert told in " ".join(page.split())


def test_filters_and_search_narrow_the_cases(shown: Page) -> None:
    """A verdict, a theme and a word together leave the cases that have all three."""
    visible = shown.locator("details.case:visible")
    assert visible.count() == 8
    shown.select_option("[name=verdict]", "right")
    assert visible.count() == 6
    shown.select_option("[name=theme]", "casa")
    shown.fill("[name=text]", "caso-4")
    assert visible.count() == 1
    assert "1 casi su 8" in shown.inner_text("#count")
    shown.click("[type=reset]")
    shown.wait_for_function("document.getElementById('count').textContent === '8 casi su 8'")


def test_a_case_opens_on_its_whole_story(shown: Page) -> None:
    """Question as text, quote highlighted, what answers marked, and why it is second."""
    shown.fill("[name=text]", "caso-2")
    shown.locator("details.case:visible summary").press("Enter")
    body = shown.locator("details.case:visible .body")
    assert "Domanda <b>2</b>?" in shown.inner_text("details.case:visible summary")
    assert body.locator("mark").inner_text() == QUOTE
    assert "✓ risponde" in body.locator("tr.right").inner_text()
    assert "al posto 2" in body.inner_text()
    assert "più parole della domanda (9,50 contro 3,25)" in body.inner_text()


def test_no_accessibility_violation(browser: Browser, page_file: Path) -> None:
    """axe finds nothing, with every case open, in both colour schemes."""
    page = browser.new_context().new_page()
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert violations_by_colours(page) == NONE


def test_it_prints_what_the_filters_leave(shown: Page) -> None:
    """On paper the filters go and the cases stand open."""
    shown.emulate_media(media="print")
    shown.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not shown.locator("form").is_visible()
    assert shown.locator("details.case[open]").count() == 8


def test_markup_in_an_answer_stays_text() -> None:
    """What a guide or an operator wrote is never obeyed by the page."""
    evil = make_result(3, answer="<script>alert(1)</script> 90 giorni")
    assert "<script>" not in mark_quotes(evil)
    assert "<script>alert" not in render_report(
        make_run(answer="<script>alert(1)</script>"), read_baseline()
    )


def test_the_same_run_gives_the_same_page() -> None:
    """Deterministic to the byte: a report can be kept under version control."""
    first, second = (render_report(make_run(), read_baseline()) for _ in range(2))
    assert first == second


def test_the_reason_of_a_rank() -> None:
    """First: nothing to explain; missing: said so."""
    result = make_result(1)
    assert explain_rank(result.model_copy(update={"hits": result.hits[1:]})) == ""
    assert "Nessuno dei passaggi" in explain_rank(
        result.model_copy(update={"hits": result.hits[:1]})
    )


def test_what_only_helps_is_no_right_passage() -> None:
    """A passage of grade 1 in the first place: the one that answers is second, and it alone is
    marked."""
    first = make_result(1, answer="subito")
    case = first.case.model_copy(update={"passages": {"guida#altra": 1, "guida#giusta": 2}})
    helped = first.model_copy(update={"case": case})
    assert "al posto 2" in explain_rank(helped)
    page = render_report(make_run().model_copy(update={"results": (helped,)}), read_baseline())
    assert page.count("✓ risponde") == 2  # in its place, and among the sources
    assert "guida#altra (aiuta, e non basta)" in re.sub("<[^>]*>", "", page)
    assert page.count('<tr class="right">') == 1


def test_a_models_second_look_is_shown_beside_ours() -> None:
    """Its agreement once, its grade and reason in the case; without one the page says that facts
    were checked by the program alone."""
    said = [Graded(id=f"caso-{n}", grade="wrong", reason="dice <altro>") for n in (2, 3)]
    judged = Judged(run="b", model="m", grades=(*said, Graded(id="caso-4", grade=None, reason="?")))
    page = render_report(make_run(), read_baseline(), judged=judged)
    assert "riletto 3 risposte; su 2" in page
    assert page.count("dice &lt;altro&gt;") == 2
    assert "nessun modello ha riletto" not in page
    alone = render_report(make_run(), read_baseline())
    assert "Il modello dice" not in alone
    assert "nessun modello ha riletto" in alone


def test_facts_on_which_a_reader_differs_are_marked() -> None:
    """How far the two agree once; each difference in its list and in its case, with the sentence,
    as text; the verdicts are those of a report without a reader."""
    facts = tuple(
        FactSeen(case=f"caso-{n}", ways=("90 giorni", "tre mesi"), never=n == 3, said=n != 8,
                 likely=likely, sentence="La frase <b>vicina</b>.")
        for n, likely in ((2, 0.9), (3, 0.125), (8, 0.75))
    )  # fmt: skip
    seen = FactsSeen(run="b", reader="d", name="un-lettore", facts=facts)
    page = render_report(make_run(), read_baseline(), seen=seen)
    plain = " ".join(re.sub("<[^>]*>", "", page).split())
    assert "Un lettore (un-lettore) ha cercato le stesse 3 cose" in plain
    assert "33 volte su 100 trova quello che trova il programma" in plain
    assert "Dove non sono d'accordo: 2" in unescape(plain)
    first, second = re.findall(r"<li>Da (?:non )?dire: .*?</li>", page, re.DOTALL)
    assert "Da non dire: «90 giorni» o «tre mesi»" in first
    assert "il lettore che non c'è (probabilità 12 su 100)" in unescape(first)
    assert "caso-8" in second
    assert page.count("La frase &lt;b&gt;vicina&lt;/b&gt;.") == 4  # in the list and in the case
    assert "nessun modello ha riletto" not in page
    alone = render_report(make_run(), read_baseline())
    counts = [re.search(r'<ul class="counts">.*?</ul>', one, re.DOTALL) for one in (page, alone)]
    first, second = (found.group() for found in counts if found)
    assert first == second


def test_history_survives_a_line_cut_by_a_crash(tmp_path: Path) -> None:
    """Lines are added, never rewritten; one that is cut is skipped."""
    run = make_run("a")
    add_to_history(run, summarise(run), tmp_path)
    with (tmp_path / "history.jsonl").open("a") as file:
        file.write('{"run": "b", "mea\n')
    add_to_history(make_run("c"), summarise(run), tmp_path)
    assert [line["run"] for line in read_history(tmp_path)] == ["a", "c"]
    assert [line["run"] for line in read_history(tmp_path, until="b")] == ["a"]
