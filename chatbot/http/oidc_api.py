"""Signing in through the organisation's own provider (OpenID Connect), where one is set."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from httpx import HTTPError
from starlette.middleware.sessions import SessionMiddleware

from chatbot.desk.people import People, Person
from chatbot.http.address import public_base
from chatbot.http.admin_api import guarded
from chatbot.http.sessions_api import open_session
from chatbot.parts import find, part, provide
from chatbot.settings import Settings

PREFIX = "/api/admin/session/oidc"
MINUTES = 10  # to sign in over there
router = APIRouter(prefix=PREFIX, include_in_schema=False)
log = structlog.get_logger()


def install(app: FastAPI, settings: Settings) -> None:
    """Nothing without an issuer. What the round trip needs is in a cookie of its own, signed,
    which goes to these two addresses alone."""
    app.include_router(router)
    if not settings.oidc_issuer:
        return
    oauth = OAuth()
    oauth.register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
    )
    provide(app, oauth)
    app.add_middleware(
        SessionMiddleware, secret_key=secrets.token_urlsafe(32), session_cookie="bussola_oidc",
        path=PREFIX, max_age=MINUTES * 60, same_site="lax",
        https_only=str(settings.public_address or "").startswith("https:"),
    )  # fmt: skip


def _provider(request: Request) -> Any:
    """Raises HTTPException 404."""
    oauth = find(request.app, OAuth)
    if oauth is None:
        raise HTTPException(404, "Qui si accede con nome e frase segreta.")
    return oauth.create_client("provider")


@router.get("")
async def begin(request: Request) -> Response:
    try:
        back = f"{public_base(request)}{PREFIX}/back"
        answer: Response = await _provider(request).authorize_redirect(request, back)
        return answer
    except (HTTPError, OAuthError, KeyError, ValueError) as error:
        return _failed(error)


@router.get("/back")
async def back(request: Request) -> Response:
    """State, nonce and signature are checked by authlib; who is new gets the role of the
    settings."""
    try:
        provider = _provider(request)
        told = await provider.authorize_access_token(request)
        claims = dict(told["userinfo"])
        subject = f"{claims['iss']} {claims['sub']}"
        if "name" not in claims:  # many providers tell it only when asked
            claims |= {"name": (await provider.userinfo(token=told)).get("name")}
    except (HTTPError, OAuthError, KeyError, ValueError) as error:
        return _failed(error)
    request.session.clear()
    people, settings = part(request.app, People), part(request.app, Settings)
    name = str(claims.get("name") or claims.get("preferred_username") or claims["sub"])
    person = await guarded(
        lambda: people.known_as(subject) or people.welcome(subject, name, settings.oidc_role)
    )
    if not isinstance(person, Person):
        return person
    answer = RedirectResponse("/accedi", 303)
    answer.headers["location"] = open_session(request, answer, person).home
    return answer


def _failed(error: Exception) -> Response:
    log.warning("oidc_failed", error=type(error).__name__)
    return RedirectResponse("/accedi?errore=1", 303)
