"""The pages an operator works with: chat, guides, scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from markupsafe import Markup
from rapidfuzz.distance import OSA

from chatbot.http.old_addresses import GoneGuide, lead_on
from chatbot.pages import handouts, past_answer, referrals, services, site
from chatbot.pages.page import (
    WEB,
    current_network,
    current_snapshot,
    find_guide,
    not_found,
    render,
)
from chatbot.pages.texts import fold
from chatbot.problem import http_problem
from index.guide import KINDS, Guide
from index.network import EVERYBODY, Network
from index.parse.handouts import plain_box
from index.parse.render import guide_link, link_from, render_guide, render_markdown

SHORT, LONG = 5, 9  # letters from which a word may have a typing error, and two
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


def install(app: FastAPI) -> None:
    """Add the pages and their static files to the application."""
    for part in (
        router,
        handouts.router,
        past_answer.router,
        referrals.router,
        services.router,
        site.router,
    ):
        app.include_router(part)
    app.mount("/web", WebFiles(directory=WEB), name="web")
    app.add_exception_handler(404, _lost)
    app.add_exception_handler(GoneGuide, _gone)


async def _lost(request: Request, error: Exception) -> Response:
    """An address that leads nowhere: a page for people, a problem document for programs."""
    return not_found(request) if _for_people(request) else await http_problem(request, error)


async def _gone(request: Request, error: Exception) -> Response:
    """The address of a guide that was taken away: what it was, and what is most like it."""
    assert isinstance(error, GoneGuide)
    if not _for_people(request):
        return await http_problem(request, error)
    near = find_guide(request, error.gone.near)
    return render(request, "gone.html", status=error.status_code, gone=error.gone, near=near)


def _for_people(request: Request) -> bool:
    """Whether a page is asked for, and not an answer for a program."""
    reads_pages = "text/html" in request.headers.get("accept", "")
    return reads_pages and not request.url.path.startswith(("/api/", "/v1/", "/web/"))


class WebFiles(StaticFiles):
    """The static files: checked again at each visit (cheap, by ETag), and readable by a page of
    another site that embeds the widget; they hold nothing private."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


@router.get("/")
def chat_page(request: Request) -> HTMLResponse:
    return render(request, "chat.html", "nav_ask")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader of the list of guides is looking for."""

    q: str = ""
    need: str = ""
    kind: str = ""
    audience: str = ""

    def accept(self, guide: Guide, text: str, alike: bool = False) -> bool:
        """Whether a guide fits; with `alike` words that differ by a typing error fit too."""
        words, known = fold(self.q).split(), f" {text}"
        return (
            (not self.need or self.need in guide.needs)
            and (not self.kind or self.kind == guide.kind)
            and (not self.audience or bool({self.audience, EVERYBODY} & set(guide.audience)))
            and all(f" {word}" in known or (alike and _is_near(word, text)) for word in words)
        )


def _is_near(word: str, text: str) -> bool:
    """Whether a word of `text` begins as `word` does but for a typing error, or two in a long one
    (`browse.js` does alike)."""
    most = 0 if len(word) < SHORT else 1 if len(word) < LONG else 2
    return most > 0 and any(
        OSA.distance(word, known[:length], score_cutoff=most) <= most
        for known in set(text.split())
        for length in {len(word) - 1, len(word), len(word) + 1}
        if len(known) >= length
    )


@dataclass(frozen=True, slots=True)
class GuideRow:
    """A guide in the list: `text` is what the instant search looks in."""

    guide: Guide
    text: str
    summary: str
    shown: bool

    @property
    def title(self) -> str:
        """As it is searched: what is found in it comes first."""
        return _searched(self.guide.title)


@router.get("/guide")
def browse_page(
    request: Request, q: str = "", bisogno: str = "", tipo: str = "", per_chi: str = ""
) -> HTMLResponse:
    filters = Filters(q[:200], bisogno, tipo, per_chi)
    guides = sorted(current_snapshot(request).guides.values(), key=_shelf_order)
    network = current_network(request)
    entries = [_entry(guide, filters, network) for guide in guides]
    alike = bool(filters.q) and not any(entry.shown for entry in entries)
    if alike:  # as it is written nothing is found
        entries = [_entry(guide, filters, network, alike=True) for guide in guides]
    if filters.q:
        entries.sort(key=lambda entry: not filters.accept(entry.guide, entry.title, alike))
    return render(
        request, "browse.html", "nav_guides", entries=entries, query=filters, alike=alike,
        shown=sum(entry.shown for entry in entries), needs=list(network.needs_shown),
        kinds=_kinds_of(guides), audiences=list(network.audiences),
    )  # fmt: skip


def _kinds_of(guides: list[Guide]) -> list[str]:
    """The kinds that there are, in their order."""
    there = {guide.kind for guide in guides}
    return [kind for kind in KINDS if kind in there]


def _shelf_order(guide: Guide) -> tuple[bool, int, str]:
    """Emergencies first, then kind by kind."""
    return guide.kind != "emergenza", KINDS.index(guide.kind), fold(guide.title)


def _entry(guide: Guide, filters: Filters, network: Network, alike: bool = False) -> GuideRow:
    headings = [section.heading_path[-1] for section in guide.sections]
    terms = [word for term in guide.terms for word in (term.term, term.expansion)]
    words = [guide.title, summary(guide), *headings, *guide.keywords, *terms]
    text = with_synonyms(_searched(" ".join(words)), network.synonyms)
    return GuideRow(guide, text, summary(guide), filters.accept(guide, text, alike))


def _searched(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def with_synonyms(text: str, groups: Iterable[Sequence[str]]) -> str:
    """A folded text, followed by the words that are searched for some of its own."""
    more = []
    for group in groups:
        folded = [_searched(words) for words in group]
        if any(f" {words} " in f" {text} " for words in folded):
            more += [words for words in folded if f" {words} " not in f" {text} "]
    return " ".join([text, *more])


def summary(guide: Guide) -> str:
    """The first sentence of a guide, which answers its title."""
    for section in guide.sections:
        for unit in section.units:
            if unit.text not in section.heading_path:
                return unit.text
    return ""


@router.get("/guide/{slug}", dependencies=[Depends(lead_on)])
def guide_page(request: Request, slug: str, cita: str = "", sezione: str = "") -> HTMLResponse:
    guide = find_guide(request, slug)
    if guide is None:
        return not_found(request)
    cited = frozenset(key for key in cita[:2000].split("-") if key)
    link = link_from(guide, current_snapshot(request).guides.values())
    html = render_guide(guide, cited, link, sezione)
    contents = [section for section in guide.sections if section.level == 2]
    title, body = _title_and_body(guide, html)
    return render(
        request, "guide.html", "nav_guides", guide=guide, title=title,
        html=body, contents=contents, cited=bool(cited),
        found='<mark class="cited">' in html,
        aged=guide.overdue(current_network(request).today()),
        has_plain=plain_box(guide) is not None, published=current_snapshot(request).created,
    )  # fmt: skip


def _title_and_body(guide: Guide, html: str) -> tuple[Markup, Markup]:
    """The `h1` of a guide apart from the rest; made of its title where it does not begin with
    one."""
    title, end, body = html.partition("</h1>")
    if end and title.lstrip().startswith("<h1"):
        return Markup(title + end), Markup(body)
    return Markup("<h1>{}</h1>").format(guide.title), Markup(html)


@router.get("/copioni")
def scripts_page(request: Request) -> HTMLResponse:
    guides = current_snapshot(request).guides.values()
    scripts = sorted((g for g in guides if g.kind == "copione"), key=_shelf_order)
    entries = [GuideRow(guide, "", summary(guide), True) for guide in scripts]
    return render(request, "scripts.html", "nav_scripts", entries=entries)


@router.get("/copione/{slug}", dependencies=[Depends(lead_on)])
def script_page(request: Request, slug: str) -> HTMLResponse:
    """All the steps of a script; the browser shows one at a time."""
    guide = find_guide(request, slug, "copione")
    if guide is None or not guide.steps:
        return not_found(request)
    steps = [(step, Markup(render_markdown(step.text))) for step in guide.steps]
    intro = Markup(render_markdown(introduction(guide)))
    return render(
        request, "script.html", "nav_scripts", guide=guide, steps=steps, intro=intro,
        guide_link=guide_link, published=current_snapshot(request).created,
    )  # fmt: skip


def introduction(guide: Guide) -> str:
    """The Markdown between the title of a script and its first step."""
    before = guide.markdown.split("\n## ", 1)[0]
    return before.partition("\n# ")[2].partition("\n")[2].strip()
