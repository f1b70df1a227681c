"""What every HTML page shares: templates, language and brand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chatbot.library import Library
from chatbot.pages.brand import Brand, load_brand
from chatbot.pages.texts import Texts, load_texts
from chatbot.parts import find, part
from chatbot.settings import Settings
from chatbot.shield.rooted import under
from chatbot.words.pack import LANGUAGES
from index.guide import Contact, Guide
from index.network import NEUTRAL, Network, in_language
from index.publish.snapshot import Snapshot

WEB = Path(__file__).parent.parent / "web"
LANGUAGE_PARAMETER = "lingua"  # of every page; the browser remembers a choice (site.js)

_TEMPLATES = Environment(
    loader=FileSystemLoader(WEB / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def current_snapshot(request: Request) -> Snapshot:
    """The published snapshot; a request keeps the one it began with."""
    return part(request.app, Library).snapshot


def current_network(request: Request) -> Network:
    """The network of the published snapshot; a neutral one where there is none."""
    library = find(request.app, Library)
    return library.network if library else NEUTRAL


@dataclass(frozen=True, slots=True)
class NetworkTexts:
    """What a network calls its needs and those whom guides are for, in one language; the name in
    the guides where it calls them nothing."""

    network: Network
    language: str

    def need(self, name: str) -> str:
        return in_language(self.network.needs_shown.get(name, {}), self.language, name)

    def audience(self, name: str) -> str:
        return in_language(self.network.audiences.get(name, {}), self.language, name)


def current_brand(request: Request) -> Brand:
    """The brand named in the settings, or the default one, of the network in use."""
    path = part(request.app, Settings).brand_file
    return (load_brand(path) if path else load_brand()).of(current_network(request))


def _menu(request: Request) -> list[tuple[str, str]]:
    """Text key and address of each entry: scripts and services only where there are any."""
    library = find(request.app, Library)
    kinds = {guide.kind for guide in library.snapshot.guides.values()} if library else set()
    entries = (
        ("nav_ask", "/", True), ("nav_guides", "/guide", True),
        ("nav_scripts", "/copioni", "copione" in kinds),
        ("nav_services", "/servizi", "servizio" in kinds), ("nav_news", "/novita", True),
    )  # fmt: skip
    return [(key, href) for key, href, there in entries if there]


def page_texts(request: Request) -> Texts:
    """Texts in the language that the address names, Italian when it names none."""
    return load_texts(request.query_params.get(LANGUAGE_PARAMETER, "it"))


def render(
    request: Request, template: str, active: str = "", status: int = 200, **values: Any
) -> HTMLResponse:
    """A whole page. `active` is the text key of the menu entry it belongs to."""
    texts = page_texts(request)
    query = f"?{request.url.query}" if request.url.query else ""
    html = _TEMPLATES.get_template(template).render(
        t=texts,
        network=NetworkTexts(current_network(request), texts.language),
        brand=current_brand(request),
        active=active,
        menu=_menu(request),
        path=request.url.path + query,
        in_language="" if texts.language == "it" else f"?{LANGUAGE_PARAMETER}={texts.language}",
        languages=[(code, load_texts(code).name) for code in LANGUAGES],
        contact_link=contact_link,
        edition=request.app.version,
        **values,
    )
    return HTMLResponse(under(part(request.app, Settings).root_path, html), status)


def bare_page(template: str, **values: Any) -> str:
    """A page that is of no network: without brand and menu."""
    return _TEMPLATES.get_template(template).render(**values)


def not_found(request: Request, message: str = "not_found") -> HTMLResponse:
    """The page for an address that leads nowhere; `message` is the text key of what is said."""
    return render(request, "message.html", status=404, message=message)


def find_guide(request: Request, slug: str, kind: str | None = None) -> Guide | None:
    """The guide that is called `slug`, or was, of `kind` when one is asked for."""
    guide = current_snapshot(request).guide_named(slug)
    return guide if guide and kind in (None, guide.kind) else None


def contact_link(contact: Contact) -> str | None:
    """The link that uses a contact: call, write, open. None for one that cannot be a link."""
    value = contact.value.strip()
    if contact.kind in ("email", "pec"):
        return f"mailto:{value}"
    if contact.kind == "sito":
        return value if value.startswith(("http://", "https://")) else f"https://{value}"
    digits = "".join(c for c in value if c.isdigit() or c == "+")
    if not digits:
        return None
    if contact.kind == "whatsapp":
        return f"https://wa.me/{digits.lstrip('+') if '+' in digits else '39' + digits}"
    return f"tel:{digits}"
