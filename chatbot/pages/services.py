"""The pages of the charter of services, the map's data and the referral."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import segno
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup
from sqlalchemy import Engine

from chatbot.http.address import public_base
from chatbot.http.old_addresses import lead_on
from chatbot.pages.charter import (
    Found,
    ServiceFilter,
    areas_of,
    as_csv,
    as_geojson,
    as_xlsx,
    find_services,
    missing_facts,
)
from chatbot.pages.page import (
    current_brand,
    current_network,
    current_snapshot,
    find_guide,
    not_found,
    page_texts,
    render,
)
from chatbot.parts import find
from chatbot.question import MAX_QUESTION
from chatbot.referral.ways import Way, Ways
from chatbot.shield.queue import PrintTurn
from index.guide import Guide
from index.network import ITALIAN, Network, in_language
from index.places import Places

ASKED = ("nome", "recapito della persona", "lingua parlata")  # where a card asks nothing of its own
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GUESSES = 3  # names proposed for a place that is not known
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


def _query(request: Request) -> ServiceFilter:
    asked = request.query_params
    return ServiceFilter(
        need=asked.get("bisogno", "")[:40],
        municipality=asked.get("comune", "").strip()[:80],
        language=asked.get("lingua_parlata", "")[:40],
        area=asked.get("zona", "")[:40],
        open_now=asked.get("aperto") == "1",
    )


def _found(request: Request, query: ServiceFilter) -> list[Found]:
    guides, network = current_snapshot(request).guides.values(), current_network(request)
    now = network.now().replace(tzinfo=None)
    return find_services(guides, query, now, network.places)


def _page_values(request: Request) -> dict[str, Any]:
    query, network = _query(request), current_network(request)
    places = network.places
    unknown = _unknown(query, places)
    return {
        "query": query,
        "found": _found(request, query),
        "needs": list(network.needs_shown),
        "places": _municipality_names(network),
        "unknown_place": unknown is not None,
        "meant_places": [(name, _with_place(request, name)) for name in unknown or ()],
    }


def _unknown(query: ServiceFilter, places: Places) -> list[str] | None:
    """Of a place asked about that is none, those that it may have been meant to be, likeliest
    first; None where the place is known, or none was asked about."""
    if not query.municipality or places.called(query.municipality):
        return None
    return [name for name in places.alike(query.municipality) if places.find(name)][:GUESSES]


def _files_headers(request: Request, name: str = "") -> dict[str, str]:
    """What goes with a file of the charter: its name, and that the place asked about is none, so
    that its cards are those of every place; in percent-encoding, since headers are ASCII."""
    query = _query(request)
    meant = _unknown(query, current_network(request).places)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'} if name else {}
    if meant is not None:
        headers["Bussola-Unknown-Place"] = quote(query.municipality)
        headers["Bussola-Meant-Places"] = ", ".join(map(quote, meant))
    return headers


def _with_place(request: Request, name: str) -> str:
    """The query of this page with that municipality in place of the one asked."""
    return urlencode([(k, v) for k, v in request.query_params.items() if v and k != "comune"]
                     + [("comune", name)])  # fmt: skip


@router.get("/servizi")
def services_page(request: Request) -> HTMLResponse:
    guides = current_snapshot(request).guides.values()
    cards = [guide.service for guide in guides if guide.service]
    spoken = sorted({name for card in cards for name in card.languages})
    areas = sorted(
        {name for card in cards for name in areas_of(card, current_network(request).places)}
    )
    kept = [(k, v) for k, v in request.query_params.items() if v]
    values = _page_values(request)
    off_map = sum(item.place is None or item.place.centre is None for item in values["found"])
    return render(
        request, "services.html", "nav_services", spoken=spoken, areas=areas, off_map=off_map,
        map_query=urlencode(kept), **values,
    )  # fmt: skip


@router.get("/servizi.csv")
def services_csv(request: Request) -> Response:
    headers = _files_headers(request, "servizi.csv")
    text = as_csv(_found(request, _query(request)))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/servizi.xlsx")
async def services_xlsx(request: Request, turn: PrintTurn) -> Response:
    """As the PDF, a turn of its own."""
    data = await turn.run(lambda: as_xlsx(_found(request, _query(request))))
    headers = _files_headers(request, "servizi.xlsx")
    return Response(data, media_type=XLSX, headers=headers)


@router.get("/servizi.geojson")
def services_geojson(request: Request) -> Response:
    data = json.dumps(as_geojson(_found(request, _query(request))), ensure_ascii=False)
    headers = _files_headers(request)
    return Response(data, media_type="application/geo+json", headers=headers)


@router.get("/servizi.pdf")
async def services_pdf(request: Request, turn: PrintTurn) -> Response:
    """Takes a turn of its own: it costs as much as fifty questions."""

    def work() -> bytes:
        from chatbot.pages.charter_pdf import as_pdf  # 26 MB that few ask for

        found = _found(request, _query(request))
        return as_pdf(found, current_brand(request), current_network(request).today())

    data = await turn.run(work)
    headers = {**_files_headers(request), "Content-Disposition": 'inline; filename="servizi.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)


@router.get("/comuni.json")
def municipality_names(request: Request) -> Response:
    """Names for the field of the chat where a municipality is typed."""
    return _public_json(_municipality_names(current_network(request)))


@router.get("/rete.json")
def network_of_the_chat(request: Request) -> Response:
    """What the chat must know, in the language of the page: the titles of stay of the network,
    whether dates and places say anything of a person, how long a question may be, whom else to
    ask."""
    network, language = current_network(request), page_texts(request).language
    return _public_json(
        {
            "titles": [
                {"id": title.id, "name": in_language(title.names, language, title.id)}
                for title in network.titles
            ],
            "dates": bool(network.reforms),
            "places": bool(network.places.rows),
            "examples": list(network.examples),
            "emergencies": [
                {"title": guide.title, "url": f"/guide/{guide.slug}",
                 "numbers": [number.number for number in guide.numbers]}
                for guide in current_snapshot(request).guides.values() if guide.kind == "emergenza"
            ],
            "longest": MAX_QUESTION,
            "person": _person(request),
        }
    )  # fmt: skip


def _person(request: Request) -> str:
    """The link to somebody who answers when the program does not: of the network or, where it says
    none, of its services; empty where there are none."""
    brand = current_brand(request)
    if brand.phone:
        return f"tel:{brand.phone.replace(' ', '')}"
    if brand.email:
        return f"mailto:{brand.email}"
    guides = current_snapshot(request).guides.values()
    return "/invio" if any(guide.service for guide in guides) else ""


def _municipality_names(network: Network) -> list[str]:
    return [place.name for place in network.places.rows]


def _public_json(value: Any) -> Response:
    headers = {"Cache-Control": "public, max-age=300"}
    data = json.dumps(value, ensure_ascii=False)
    return Response(data, media_type="application/json", headers=headers)


@router.get("/invio")
def referral_page(request: Request) -> HTMLResponse:
    """Services to send a person to, by need and municipality, from an answer or a script."""
    asked = request.query_params
    origin, point = find_guide(request, asked.get("da", "")), asked.get("punto", "")[:120]
    values = _page_values(request)
    if origin and origin.needs and not values["query"].need:
        values["query"] = ServiceFilter(origin.needs[0], values["query"].municipality)
        values["found"] = _found(request, values["query"])
    topic = {"da": origin.slug if origin else "", "punto": point if origin else "",
             "bisogno": values["query"].need}  # fmt: skip
    return render(
        request, "referral.html", "nav_services", origin=origin, point=topic["punto"],
        reason=reason(origin, point), slip_query=urlencode({k: v for k, v in topic.items() if v}),
        **values,
    )  # fmt: skip


@router.get("/invio/{slug}", dependencies=[Depends(lead_on)])
def slip_page(
    request: Request, slug: str, da: str = "", punto: str = "", bisogno: str = ""
) -> HTMLResponse:
    """The slip to hand over. What is written in it stays in the browser."""
    guide = find_guide(request, slug, "servizio")
    if guide is None or guide.service is None:
        return not_found(request)
    needs = current_network(request).needs_shown
    need = in_language(needs[bisogno], ITALIAN, bisogno) if bisogno in needs else ""
    return render(
        request, "slip.html", "nav_services", guide=guide, qr=qr_code(request, guide.slug),
        missing=missing_facts(guide.service), today=current_network(request).today(),
        why=reason(find_guide(request, da), punto) or need, way=_way(request, guide),
        need=bisogno if bisogno in needs else "", asks=guide.service.asks or ASKED,
    )  # fmt: skip


def _way(request: Request, guide: Guide) -> Way | None:
    """Where this slip can be sent; None where it can only be printed."""
    ways = find(request.app, Ways)
    return ways.to(guide) if ways and find(request.app, Engine) else None


def reason(origin: Guide | None, point: str = "") -> str:
    """Why a person is sent: the title of the guide and of its section or step `point`, in the
    guides' words, so that nothing of the person is in it. Empty without a guide."""
    if origin is None:
        return ""
    titles = {step.id: step.title for step in origin.steps}
    titles |= {section.anchor: section.heading_path[-1] for section in origin.sections}
    title = titles.get(point, "")
    return f"{origin.title}: {title}" if title and title != origin.title else origin.title


def qr_code(request: Request, slug: str) -> Markup:
    """The address of a guide as an inline QR code, whose text alternative is the address."""
    address = f"{public_base(request)}/guide/{slug}"
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(omitsize=True, svgclass=None, lineclass=None, title=f"QR: {address}")
    return Markup(svg)
