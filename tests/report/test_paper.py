"""The report on paper and in figures: how long, in which words, from a browser and without one."""

from __future__ import annotations

from io import BytesIO

import pdfplumber
from made_report import QUOTE, make_result, make_run, measured
from markupsafe import escape
from playwright.sync_api import Page

from eval.report.page import WHOLE, render_report
from eval.report.pdf import report_pdf
from eval.report.show import bound_text, number, share_text
from eval.report.words import MEANING
from eval.runs.baseline import read_baseline
from eval.runs.compare import compare
from eval.runs.result import Found, Run
from eval.runs.summary import MEASURES, summarise


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
