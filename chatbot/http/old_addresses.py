"""Addresses of guides that have another name now, or that are no more."""

from __future__ import annotations

from fastapi import HTTPException, Request

from chatbot.library import Library
from chatbot.parts import part
from index.publish.gone import Gone

MOVED, GONE = 308, 410


class GoneGuide(HTTPException):
    """The address of a guide that was taken away: `gone` says which, when, and what is near."""

    def __init__(self, gone: Gone) -> None:
        super().__init__(GONE, f"La guida «{gone.title}» è stata tolta il {gone.day:%d/%m/%Y}.")
        self.gone = gone


def lead_on(request: Request) -> None:
    """Dependency of the routes of a guide, whose path has its `slug`: leads from a name that a
    guide had to the one it has, the rest of the address as it is. Raises HTTPException 308,
    GoneGuide."""
    slug = str(request.path_params.get("slug", ""))
    snapshot = part(request.app, Library).snapshot
    guide = snapshot.guide_named(slug)
    if guide is None:
        if gone := snapshot.gone.get(slug):
            raise GoneGuide(gone)
    elif guide.slug != slug:
        route = request.scope["route"]
        path = str(route.url_path_for(route.name, **{**request.path_params, "slug": guide.slug}))
        query = f"?{request.url.query}" if request.url.query else ""
        # a name may be given to another guide one day: nobody is to remember for ever
        headers = {"Location": path + query, "Cache-Control": "no-cache"}
        raise HTTPException(MOVED, f"Ora la guida è in {path}.", headers)
