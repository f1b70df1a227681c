"""«In parole semplici» on one page, large, to print and hand over; in other languages too."""

from __future__ import annotations

import re

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from chatbot.http.old_addresses import lead_on
from chatbot.pages.page import current_snapshot, find_guide, not_found, page_texts, render
from chatbot.pages.services import qr_code
from chatbot.pages.texts import Texts, load_texts
from index.guide import Guide, Handout, Section
from index.network import ITALIAN
from index.parse.handouts import fingerprint, plain_box
from index.parse.render import render_markdown

# a tag, or a number in pieces: «800 290 290»
_PIECES = re.compile(r"<[^>]*>|(?<![\w+])(\+?\d+(?:[ -]\d+)+)")

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/stampa/{slug}", dependencies=[Depends(lead_on)])
def handout_page(request: Request, slug: str) -> HTMLResponse:
    """The box as the guide has it."""
    return _page(request, slug, ITALIAN)


@router.get("/stampa/{slug}/{language}", dependencies=[Depends(lead_on)])
def translated_page(request: Request, slug: str, language: str) -> HTMLResponse:
    """The box in another language, said to be translated and by whom it was read."""
    return _page(request, slug, language)


def _page(request: Request, slug: str, language: str) -> HTMLResponse:
    guide = find_guide(request, slug)
    box = plain_box(guide) if guide else None
    if guide is None or box is None:
        return not_found(request)
    handouts = {h.language: h for h in current_snapshot(request).handouts if h.guide in guide.names}
    if language != ITALIAN and language not in handouts:
        return not_found(request)
    handout = handouts.get(language)
    italian, spoken = load_texts(ITALIAN), load_texts(language)
    return render(
        request, "handout.html", "nav_guides", guide=guide,
        title=handout.title if handout else guide.title,
        html=Markup(_in_order(
            render_markdown(handout.markdown if handout else _lines(guide, box)), spoken
        )),
        spoken=spoken, around=spoken if handout else page_texts(request),
        notices=_notices(handout, box, (spoken, italian)),
        languages_there=[load_texts(code) for code in (ITALIAN, *handouts)] if handouts else [],
        qr=qr_code(request, slug),
    )  # fmt: skip


def _in_order(html: str, texts: Texts) -> str:
    """Where one reads from the right, the pieces of a number would change places among them: a
    telephone is isolated from the words around."""
    if texts.dir != "rtl":
        return html
    return _PIECES.sub(
        lambda found: f'<bdi dir="ltr">{found[1]}</bdi>' if found[1] else found[0], html
    )


def _lines(guide: Guide, box: Section) -> str:
    return "\n".join(guide.markdown.split("\n")[box.line : box.last_line])


def _notices(
    handout: Handout | None, box: Section, languages: tuple[Texts, ...]
) -> list[tuple[Texts, str]]:
    """What is to be known of a translation before trusting it, in each of the languages."""
    if handout is None:
        return []
    keys = ["translated_proofread" if handout.proofread else "translated_unread"]
    if handout.made_from != fingerprint(box):
        keys.append("translated_before")
    return [(texts, texts(key)) for texts in languages for key in keys]
