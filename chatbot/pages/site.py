"""The pages and files about the site itself: language, news, statements, installation."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import groupby
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from feedgen.feed import FeedGenerator

from chatbot.desk.due import SOON_DAYS, due
from chatbot.figures import read_figures
from chatbot.http.address import public_base
from chatbot.journal.writer import Journal
from chatbot.library import Library
from chatbot.pages.bars import stacked_bars
from chatbot.pages.changes import recent_changes
from chatbot.pages.page import (
    LANGUAGE_PARAMETER,
    WEB,
    current_brand,
    current_snapshot,
    page_texts,
    render,
)
from chatbot.parts import find, part
from chatbot.referral.ways import Ways
from chatbot.settings import Settings
from chatbot.words.pack import LANGUAGES

FEED_LIMIT = 60
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/lingua")
def choose_language(lingua: str = "it", da: str = "/") -> RedirectResponse:
    """Back to the page the language was chosen on, in that language."""
    parts = urlsplit(da)
    if not da.startswith("/") or da.startswith(("//", "/\\")) or parts.netloc:
        parts = urlsplit("/")
    query = [pair for pair in parse_qsl(parts.query) if pair[0] != LANGUAGE_PARAMETER]
    if lingua in LANGUAGES:
        query.append((LANGUAGE_PARAMETER, lingua))
    return RedirectResponse(parts._replace(query=urlencode(query)).geturl(), 303)


@router.get("/brand.css")
def brand_css(request: Request) -> Response:
    headers = {"Access-Control-Allow-Origin": "*"}  # colours, for the widget in other sites
    return Response(current_brand(request).css, media_type="text/css", headers=headers)


@router.get("/glossario.json")
def glossary(request: Request) -> Response:
    """The terms that guide pages explain: how they are written and what they mean."""
    guide = current_snapshot(request).glossary
    terms = [
        {"term": term.term, "expansion": term.expansion, "meaning": term.meaning,
         "variants": [v for v in term.variants if len(v) > 2 and not v.islower()]}
        for term in (guide.terms if guide else ())
    ]  # fmt: skip
    return Response(json.dumps(terms, ensure_ascii=False), media_type="application/json")


@router.get("/novita")
def news_page(request: Request) -> HTMLResponse:
    changes = recent_changes(current_snapshot(request), part(request.app, Settings).var)
    days = []
    for day, group in groupby(changes, key=lambda change: change.day):
        news = list(group)
        checks = [change for change in news if change.kind == "checked"]
        days.append((day, news[: len(news) - len(checks)], checks))
    return render(request, "news.html", "nav_news", days=days)


@router.get("/novita.atom")
def news_feed(request: Request) -> Response:
    """What changed lately as an Atom feed (RFC 4287)."""
    snapshot, brand, texts = current_snapshot(request), current_brand(request), page_texts(request)
    base = public_base(request)
    feed = FeedGenerator()
    feed.id(f"{base}/novita")
    feed.title(f"{brand.name}: {texts('news')}")
    feed.author({"name": brand.organisation or brand.name})
    feed.link(href=f"{base}/novita", rel="alternate")
    feed.link(href=f"{base}/novita.atom", rel="self")
    feed.updated(datetime.fromisoformat(snapshot.created))
    for change in recent_changes(snapshot, part(request.app, Settings).var)[:FEED_LIMIT]:
        entry = feed.add_entry(order="append")
        entry.id(f"{base}/guide/{change.slug}#{change.kind}-{change.day}")
        entry.title(f"{texts(f'change_{change.kind}')}: {change.title}")
        entry.link(href=f"{base}/guide/{change.slug}")
        entry.updated(datetime.combine(change.day, time(), UTC))
        entry.content(change.title)
    return Response(feed.atom_str(pretty=True), media_type="application/atom+xml")


@router.get("/scadenze.atom")
def due_feed(request: Request) -> Response:
    """The guides to be reviewed as an Atom feed, for who keeps them: overdue, or within thirty
    days. It holds nothing that the page of a guide does not say."""
    snapshot, brand = current_snapshot(request), current_brand(request)
    base = public_base(request)
    feed = FeedGenerator()
    feed.id(f"{base}/scadenze.atom")
    feed.title(f"{brand.name}: guide da rivedere")
    feed.author({"name": brand.organisation})
    feed.link(href=f"{base}/redazione/da-fare", rel="alternate")
    feed.link(href=f"{base}/scadenze.atom", rel="self")
    feed.updated(datetime.fromisoformat(snapshot.created))
    today = snapshot.network.today()
    found = due(snapshot.guides.values(), today, network=snapshot.network)
    for one in found[:FEED_LIMIT]:
        state = "scaduta" if one.late else "in scadenza"
        entry = feed.add_entry(order="append")
        entry.id(f"{base}/guide/{one.guide.slug}#{state.replace(' ', '-')}-{one.day}")
        entry.title(f"{state.capitalize()}: {one.guide.title}")
        entry.link(href=f"{base}/guide/{one.guide.slug}")
        # it enters the list thirty days before, and again on the day after the last
        entered = one.day + timedelta(days=1 if one.late else -SOON_DAYS)
        entry.updated(datetime.combine(entered, time(), UTC))
        owner = f", {one.guide.owner}" if one.guide.owner else ""
        said = f" (nel testo: «{one.shown}»)" if one.shown else ""
        entry.content(f"Da rivedere entro il {one.day.strftime('%d/%m/%Y')}{said}{owner}.")
    return Response(feed.atom_str(pretty=True), media_type="application/atom+xml")


@router.get("/accessibilita")
def accessibility_page(request: Request) -> HTMLResponse:
    return render(request, "accessibility.html")


@router.get("/privacy")
def privacy_page(request: Request) -> HTMLResponse:
    """What is kept of a question, and for how long, as the settings say."""
    kept = find(request.app, Journal) is not None
    days = part(request.app, Settings).retention_days if kept else 0
    ways = find(request.app, Ways)
    sends = ways.days if kept and ways and not ways.missing else 0
    library = find(request.app, Library)
    helper = library.bot.helper if library else None
    model = helper.name if helper else ""
    return render(request, "privacy.html", days=days, sends=sends, model=model)


@router.get("/come-va")
def how_it_goes_page(request: Request) -> HTMLResponse:
    """For everybody: what was measured, on whose questions, and how recent the guides are."""
    snapshot = current_snapshot(request)
    guides = snapshot.guides.values()
    days = sorted(guide.verified_on for guide in guides if guide.verified_on)
    today = snapshot.network.today()
    cards = [guide.service for guide in guides if guide.service]
    return render(
        request, "how_it_goes.html", figures=read_figures(part(request.app, Settings).var),
        guides=len(guides), oldest=days[0] if days else None, newest=days[-1] if days else None,
        late=sum(guide.overdue(today) for guide in guides),
        services=len(cards), checked=sum(card.status == "verificato" for card in cards),
        bars=stacked_bars,
        percent=lambda rows: [(name, round(share * 100)) for name, share in rows],
    )  # fmt: skip


@router.get("/offline")
def offline_page(request: Request) -> HTMLResponse:
    """What the service worker shows for a page never seen before, without a network."""
    return _no_answer(request, "offline")


@router.get("/fermo")
def down_page(request: Request) -> HTMLResponse:
    """What the service worker shows where there is a network and we do not answer."""
    return _no_answer(request, "down")


def _no_answer(request: Request, message: str) -> HTMLResponse:
    """With the cards that somebody in danger needs, which are kept on the device."""
    guides = current_snapshot(request).guides.values()
    dangers = [guide for guide in guides if guide.kind == "emergenza"]
    return render(request, "message.html", message=message, dangers=dangers)


@router.get("/manifest.webmanifest")
def manifest(request: Request) -> Response:
    brand, texts = current_brand(request), page_texts(request)
    root = part(request.app, Settings).root_path
    icons = [
        {
            "src": f"{root}/web/icons/bussola-{size}.png",
            "sizes": f"{size}x{size}",
            "type": "image/png",
        }
        for size in (192, 512)
    ]
    data = {
        "name": f"{brand.name}: {brand.claim}" if brand.claim else brand.name,
        "short_name": brand.name, "id": f"{root}/", "start_url": f"{root}/", "scope": f"{root}/",
        "display": "standalone", "lang": texts.language, "dir": texts.dir,
        "background_color": "#faf7f2", "theme_color": "#0b5563",
        "icons": [{"src": f"{root}/web/icons/bussola.svg", "sizes": "any", "type": "image/svg+xml"},
                  *icons],
    }  # fmt: skip
    return Response(json.dumps(data, ensure_ascii=False), media_type="application/manifest+json")


@router.get("/sw.js")
def service_worker() -> Response:
    """The service worker at the root, so that it may serve every page."""
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'self'"}
    text = (WEB / "sw.js").read_text(encoding="utf-8").replace("__VERSION__", web_digest())
    return Response(text, media_type="text/javascript", headers=headers)


@cache
def web_digest() -> str:
    """Names the state of the static files: a new one empties the browsers' copies."""
    digest = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
