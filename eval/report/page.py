"""The report of a run: one HTML file that works from disk, without network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from chatbot.pages.page import WEB as PAGES
from chatbot.pages.texts import load_texts
from eval.collections.measured import Measured
from eval.judging.agreement import with_verdicts
from eval.judging.facts import FactsSeen
from eval.judging.judge import Judged
from eval.report.collections import INTERVAL, brief, chapters, language_name, proof, share
from eval.report.collections import MEASURES as TOLD
from eval.report.plots import all_plots
from eval.report.show import (
    EDGE,
    GROUPING_WORDS,
    MEASURE_WORDS,
    bound_text,
    difference_row,
    number,
    percent,
    seconds,
    share_text,
)
from eval.report.why import explain_rank, shown_hits
from eval.report.words import FOR_DEVELOPERS, MEANING
from eval.runs.baseline import breaches
from eval.runs.compare import Comparison
from eval.runs.result import VERDICT_WORDS, Result, Run, Verdict
from eval.runs.summary import GROUPED, MEASURES, summarise
from eval.suite.case import WORD_OF, CaseProfile

WEB = Path(__file__).parent.parent / "web"
_COUNTS: dict[Verdict, str] = {
    "right": "giuste", "incomplete": "incomplete: manca un pezzo",
    "beside": "dal passaggio giusto, con la frase sbagliata", "wrong": "sbagliate",
    "missed": "mancate: le guide rispondono, e Bussola tace",
    "other": "con un altro esito da quello che serviva",
}  # fmt: skip
SERVER = "http://127.0.0.1:8000"  # of who makes the report, where no other is told
MOST_FAILED = 25  # of a collection, items that went wrong and are shown
MOST_DIFFERING = 25  # facts of which program and reader say otherwise
WHOLE = 40  # cases told with all that happened, those that fail first; the others in a line
_BREAK = re.compile(r"\n{2,}")
_SIGNS = str.maketrans({" ": "+", **{sign: f"%{ord(sign):02X}" for sign in "%&+#\n"}})


def render_report(
    run: Run, baseline: Mapping[str, Any], against: Comparison | None = None,
    history: Sequence[Mapping[str, Any]] = (), judged: Judged | None = None,
    measured: Sequence[Measured] = (), server: str = SERVER, seen: FactsSeen | None = None,
) -> str:  # fmt: skip
    """The page as text. `history` are the lines of earlier runs, oldest first; `judged` what a
    model said of this one, where one was asked; `measured` the questions by others, with which
    the page opens; `server` is where «Perché» is; `seen` what
    a reader found of the facts."""
    summary = summarise(run)
    broken = breaches(summary, baseline)
    return _template().render(
        run=run, summary=summary, breaches=broken, against=against,
        thresholds=baseline["thresholds"], blessing=_blessing(baseline, against),
        moved=[one for one in against.differences if one.significant] if against else [],
        words=MEASURE_WORDS, outcomes=WORD_OF, counts=_COUNTS,
        verdicts=VERDICT_WORDS, judged=judged, meaning=MEANING, for_developers=FOR_DEVELOPERS,
        better=MEASURES,
        agreement=with_verdicts(run, judged.grades) if judged else None,
        seen=seen, differing=seen.differing if seen else (), most_differing=MOST_DIFFERING,
        grades={graded.id: graded for graded in judged.grades} if judged else {},
        plots=[
            (title, text, Markup(svg))  # made here by matplotlib
            for title, text, svg in all_plots(
                summary, [result.total_ms for result in run.results], history
            )
        ],
        chapters=chapters(measured), proof=proof(measured), brief=brief(measured),
        interval=INTERVAL, told=TOLD, most_failed=MOST_FAILED,
        why=partial(why_link, server), stale=_stale(run, measured),
        results=worst_first(run), most_whole=WHOLE,
        themes=sorted({result.case.theme for result in run.results}),
        tags=sorted({tag for result in run.results for tag in result.case.tags}),
        css=styles(),
        js=Markup((WEB / "report.js").read_text(encoding="utf-8")),
    )  # fmt: skip


def _template() -> Template:
    """The page, with the functions and words that it calls by name."""
    environment = Environment(
        loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "number": number,
        "seconds": seconds,
        "marked": mark_quotes,
        "share": share,
        "percent": percent,
        "share_text": share_text,
    }
    environment.globals |= {
        "explain_rank": explain_rank, "shown_hits": shown_hits, "difference_row": difference_row,
        "bound_text": bound_text, "moment": moment,
        "grouping_words": GROUPING_WORDS, "language_name": language_name,
        "grouped": [name for name in GROUPED if name not in FOR_DEVELOPERS],
        "edge": EDGE,
    }  # fmt: skip
    return environment.get_template("report.html")


def why_link(server: str, turns: Sequence[str], profile: CaseProfile | None = None) -> str:
    """The permalink of «Perché» for a question: all of it after the #, which no server sees."""
    told = {"domanda": turns[-1], "prima": "\n".join(turns[:-1])}
    if profile:
        plain = profile.model_dump(mode="json")
        told |= {"titolo": plain["title"], "data": plain["application_date"],
                 "comune": plain["municipality"]}  # fmt: skip
    said = (f"{key}={value.translate(_SIGNS)}" for key, value in told.items() if value)
    return f"{server}/perche#{'&'.join(said)}"


def worst_first(run: Run) -> list[Result]:
    """The cases that fail, the gravest first, then the others."""
    return sorted(run.results, key=lambda r: (r.passed, -r.case.weight, r.case.id))


def styles() -> Markup:
    """The look of the pages, then what a report has of its own."""
    files = PAGES / "tokens.css", WEB / "report.css"
    return Markup("\n".join(file.read_text(encoding="utf-8") for file in files))


def _stale(run: Run, measured: Sequence[Measured]) -> list[str]:
    """The collections that were asked of other published guides than the run."""
    return [
        one.collection.title
        for one in measured
        if not one.collection.guides and one.snapshot != run.snapshot
    ]


def moment(created: str) -> str:
    """«26 novembre 2026, 00:12 UTC»."""
    when = datetime.fromisoformat(created)
    return f"{load_texts('it').day(when)}, {when:%H:%M} UTC"


def _blessing(baseline: Mapping[str, Any], against: Comparison | None) -> Mapping[str, Any] | None:
    """Why the run compared with is the reference; None when it is not."""
    name = against.before if against else ""
    return next((b for b in reversed(baseline.get("blessings", [])) if b["run"] == name), None)


def mark_quotes(result: Result) -> Markup:
    """The answer as escaped text in paragraphs, what is cited word for word highlighted."""
    text = str(escape(_plain(result.answer)))
    quotes = {line for cited in result.citations for line in _plain(cited.quote).split("\n")}
    for quote in sorted(quotes, key=len, reverse=True):
        if len(quote) > 12:
            shown = str(escape(quote))
            text = text.replace(shown, f"<mark>{shown}</mark>", 1)
    paragraphs = (part.replace("\n", "<br>") for part in _BREAK.split(text.strip()))
    return Markup("".join(f"<p>{part}</p>" for part in paragraphs))


def _plain(text: str) -> str:
    """Markdown escapes, emphasis and links away: what a reader of the chat sees, as text."""
    text = re.sub(r"(?<!\\)\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\\([\\`*_\[\]<>#|{}~!])", r"\1", text).replace("**", "")
