"""The report: seen in a real browser, from disk, without network, in the light and in the dark."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from axe import NONE, violations_by_colours
from markupsafe import escape
from playwright.sync_api import Browser, Page

from eval.collections.measured import Measured, Row
from eval.collections.register import Collection
from eval.judging.judge import Graded, Judged
from eval.report.page import WHOLE, mark_quotes, render_report
from eval.report.pdf import report_pdf
from eval.report.show import bound_text, number, share_text
from eval.report.why import explain_rank
from eval.report.words import MEANING
from eval.runs import verdict
from eval.runs.baseline import read_baseline
from eval.runs.compare import compare
from eval.runs.history import add_to_history, read_history
from eval.runs.result import Cited, Found, Result, Run
from eval.runs.summary import MEASURES, summarise
from eval.suite.case import Case

QUOTE = "Il richiedente può lavorare dopo 90 giorni."


def make_result(number: int, **changes: Any) -> Result:
    case = Case.model_validate(
        {
            "id": f"caso-{number}", "tema": "lavoro" if number % 2 else "casa",
            "domande": ["Prima?", f"Domanda <b>{number}</b>?"], "esito": "risposta",
            "passaggi": {"guida#giusta": 2}, "fatti": [["90 giorni"]], "etichette": ["date"],
            "gravita": "alta" if number == 1 else "media", "autore": "valutatore",
            "data": "2026-11-22", "perche": "prova",
        }
    )  # fmt: skip
    hits = tuple(
        Found(section=section, heading=f"Guida › {section}", text="testo", lexical=lexical,
              dense=0.8, late=None, fused=lexical)
        for section, lexical in (("guida#altra", 9.5), ("guida#giusta", 3.25))
    )  # fmt: skip
    said: dict[str, Any] = {"outcome": "answered", "answer": f"{QUOTE} [1]", "confidence": 0.8}
    said |= changes
    cited = (Cited(n=1, section="guida#giusta", heading="Guida", quote=QUOTE),)
    sections = [citation.section for citation in cited]
    judged = (case, said["outcome"], said["answer"])
    return Result(
        case=case, kind="scheda", language="it", hits=hits, citations=cited,
        scores=verdict.score(*judged, hits, cited), verdict=verdict.verdict(*judged, sections),
        problems=verdict.problems(*judged, sections), total_ms=12.0 + number, **said,
    )  # fmt: skip


def make_run(name: str = "b", **first: Any) -> Run:
    results = (make_result(1, **first), *(make_result(n) for n in range(2, 8)))
    results = (*results, make_result(8, outcome="no_answer", answer="Le guide tacciono."))
    return Run(id=name, created="2026-11-23T10:00:00", snapshot="s", digest="d", seed=0,
               results=results)  # fmt: skip


def measured() -> Measured:
    """A collection of people's questions, half of which went wrong."""
    made = Collection.model_validate(
        {"nome": "persone", "titolo": "Domande di persone", "tipo": "domande", "file": "a",
         "uso": "scelta", "scritta_da": "altri", "servita_a": ["i pesi"]}
    )  # fmt: skip
    rows = tuple(
        Row(id=f"p{n}", values={"right": float(n % 2), "wrong_given": float(1 - n % 2)},
            groups={"lingua": "it" if n < 5 else "fr", "bisogno": "lavoro" if n < 3 else "casa"},
            question=f"posso <b>{n}</b>?", outcome="risposta", answer="No.")
        for n in range(10)
    )  # fmt: skip
    return Measured(collection=made, snapshot="s", at="2026-11-30T10:00:00", rows=rows)


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    run, before = make_run(answer="subito"), make_run("a")
    past = [{"run": n, "created": f"2026-11-2{n}T", "n": 8, "cases": "d",
             "measures": {"pass_rate": 0.5, "wrong_given": 0.1}} for n in (1, 2)]  # fmt: skip
    path = tmp_path / "resoconto.html"
    before = before.model_copy(
        update={"id": "20261125T233838633068", "results": before.results[:7]}
    )
    blessing = {"run": before.id, "date": "2026-11-25", "reason": "la prima prova intera"}
    baseline = read_baseline() | {"blessings": [blessing]}
    html = render_report(run, baseline, compare(before, run), past, measured=[measured()])
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture
def shown(page: Page, page_file: Path) -> Page:
    """The page opened from disk, with the network cut."""
    page.context.set_offline(True)
    page.goto(page_file.as_uri())
    return page


def test_the_report_tells_what_is_wrong(shown: Page) -> None:
    """Red at the top, the lost important case by name, six plots drawn, nothing fetched."""
    errors: list[str] = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.on("request", lambda request: errors.append(request.url))
    assert "Non va bene" in shown.inner_text(".verdict")
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
    assert "Per bisogno: 2" in text
    assert "Che cosa non è andato: 5" in text
    assert "posso <b>0</b>?" in shown.text_content("ol.failed li")
    assert "non sono ancora state poste" in render_report(make_run(), read_baseline())


@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_narrow_and_wide_screens(shown: Page, width: int) -> None:
    """Nothing but the tables, each in its own frame, is wider than the screen."""
    shown.set_viewport_size({"width": width, "height": 800})
    shown.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


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
    """Question as text, quote highlighted, accepted passage marked, and why it is second."""
    shown.fill("[name=text]", "caso-2")
    shown.locator("details.case:visible summary").press("Enter")
    body = shown.locator("details.case:visible .body")
    assert "Domanda <b>2</b>?" in shown.inner_text("details.case:visible summary")
    assert body.locator("mark").inner_text() == QUOTE
    assert "accettato" in body.locator("tr.right").inner_text()
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


def test_history_survives_a_line_cut_by_a_crash(tmp_path: Path) -> None:
    """Lines are added, never rewritten; one that is cut is skipped."""
    run = make_run("a")
    add_to_history(run, summarise(run), tmp_path)
    with (tmp_path / "history.jsonl").open("a") as file:
        file.write('{"run": "b", "mea\n')
    add_to_history(make_run("c"), summarise(run), tmp_path)
    assert [line["run"] for line in read_history(tmp_path)] == ["a", "c"]
    assert [line["run"] for line in read_history(tmp_path, until="b")] == ["a"]


def many(count: int, failing: int) -> Run:
    """A run of `count` cases with answers as long as real ones, of which `failing` are wrong."""
    answer = " ".join(f"Nella frase {n} la guida dice una cosa diversa." for n in range(16))
    wrong = [make_result(n, answer=answer) for n in range(1, failing + 1)]
    right = [make_result(n, answer=f"{QUOTE} {answer}") for n in range(failing + 1, count + 1)]
    hits = tuple(
        Found(section=f"guida-con-un-nome-lungo#ancora-numero-{n}",
              heading="Una guida › Una domanda che è il titolo di una sezione?",
              text="Che cosa dice il passaggio. " * 9, lexical=9.0 - n, dense=0.8, late=None,
              fused=9.0 - n)
        for n in range(10)
    )  # fmt: skip
    results = tuple(one.model_copy(update={"hits": hits}) for one in (*right, *wrong))
    return Run(id="b", created="2026-11-23T10:00:00", snapshot="s", digest="d", seed=0,
               results=results)  # fmt: skip


def test_a_thousand_cases_are_under_a_megabyte_failures_first() -> None:
    """Those that fail are told whole, as far as there is room; the others in a line that leads to
    their steps."""
    page = render_report(many(1_000, 150), read_baseline(), measured=[measured()])
    assert len(page.encode()) < 1_000_000
    order = [part.partition('"')[0].split()[0] for part in page.split('class="case ')[1:]]
    assert order == ["beside"] * 150 + ["right"] * 850
    assert page.count('<details class="case') == WHOLE
    assert 'href="http://127.0.0.1:8000/perche#domanda=Domanda+&lt;b&gt;900&lt;/b&gt;?' in page


def test_every_measure_says_what_it_means() -> None:
    """In a sentence each, of the suite and of collections; those for developers are folded."""
    assert set(MEANING) == set(MEASURES)
    page = render_report(make_run(), read_baseline())
    told = summarise(make_run())["measures"]
    assert all(escape(MEANING[name]) in page for name in told)
    assert page.index(escape(MEANING["wrong_given"])) < page.index("Misure per chi sviluppa")
    assert page.index("Misure per chi sviluppa") < page.index(escape(MEANING["MRR"]))


def test_figures_are_so_many_of_a_hundred() -> None:
    """Shares as people say them, thresholds too, languages by name; what no share is stays a
    number, among those for who develops."""
    run, baseline = make_run(), read_baseline()
    told, develop = render_report(run, baseline).split("Misure per chi sviluppa", 1)
    figure = summarise(run)["measures"]["pass_rate"]
    assert f"<strong>{share_text(figure)}</strong>" in told
    assert share_text({"value": 0.1014, "low": 0.083, "high": 1.0}) == "10,1 % (8,3–100,0)"
    assert bound_text({"max": 0.115}, share=True) == "≤ 11,5 %"
    assert bound_text({"max": 0.115}) == "≤ 0,115"
    assert number(summarise(run)["measures"]["MRR"]["value"]) in develop
    groups = develop.split('id="gruppi"')[1].split("</section>")[0]
    assert "italiano" in groups
    assert "MRR" not in groups


def test_it_prints_from_the_browser_on_pages_of_paper(shown: Page) -> None:
    """A4 in black on white, with the measures and the cases opened."""
    data = shown.pdf(prefer_css_page_size=True)
    with pdfplumber.open(BytesIO(data)) as found:
        text = "\n".join(page.extract_text() for page in found.pages)
        assert (round(found.pages[0].width), round(found.pages[0].height)) == (595, 842)
    assert "Che cosa ottiene chi chiede" in text
    assert "Misure" in text
    assert "Togli i filtri" not in text


def test_the_pdf_needs_no_browser() -> None:
    """The same words, people's questions first and failures first; of a question in letters that
    the font does not have, where it is."""
    run = make_run(answer="subito")
    asked = measured()
    row = asked.rows[0].model_copy(update={"question": "هل يمكنني العمل؟"})
    asked = asked.model_copy(update={"rows": (row, *asked.rows[1:])})
    data = report_pdf(run, read_baseline(), compare(make_run("a"), run), [asked])
    with pdfplumber.open(BytesIO(data)) as found:
        text = "\n".join(page.extract_text() for page in found.pages)
    flat = " ".join(text.split())
    assert flat.index("Domande di persone (10)") < flat.index("I casi scritti da chi fa Bussola")
    assert "a posto: 50 % (24–76), su 10." in flat
    assert "Ha avuto quello che serviva" in flat
    assert "Casi che non vanno" in flat
    assert "«Domanda <b>1</b>?» (caso-1)" in flat
    assert "in un alfabeto che qui non si stampa: è nel resoconto) (p0)" in flat
    assert "poste: «bussola eval collection measure»" in " ".join(
        page.extract_text().replace("\n", " ")
        for page in pdfplumber.open(BytesIO(report_pdf(make_run(), read_baseline()))).pages
    )
