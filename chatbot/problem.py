"""Errors as problem documents (RFC 9457), in Italian, without a stack trace."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from index.errors import LIKE_A_DATE

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger()

TITLES = {
    308: "Ha cambiato indirizzo",
    400: "Richiesta non leggibile",
    401: "Serve un'autorizzazione",
    403: "Non permesso",
    404: "Non trovato",
    405: "Metodo non ammesso",
    408: "Richiesta troppo lenta",
    409: "In conflitto con quello che c'è adesso",
    410: "Non c'è più",
    411: "Manca la lunghezza della richiesta",
    413: "Richiesta troppo grande",
    415: "Formato non ammesso",
    422: "Dati non validi",
    429: "Troppe richieste",
    500: "Errore interno",
    503: "Servizio non disponibile",
}
DETAILS = {
    404: "L'indirizzo non porta a nulla: controlla com'è scritto.",
    405: "Questo indirizzo non accetta questo tipo di richiesta.",
    500: "Qualcosa non ha funzionato. Riprova; se succede ancora, avvisa chi gestisce il servizio.",
}


class Unavailable(Exception):  # noqa: N818 (it reads as what happened)
    """What the service stands on does not answer; the message says what, in Italian."""


class Problem(BaseModel):
    """A problem document: what happened, where, and what to do."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []


def problem_response(
    status: int,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    title = TITLES.get(status, "Errore")
    body = Problem(title=title, status=status, detail=detail, errors=errors or [])
    return JSONResponse(body.model_dump(), status, headers, media_type=MEDIA_TYPE)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route for the OpenAPI document."""
    return {
        status: {
            "model": Problem,
            "description": TITLES[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Every error of `app` becomes a problem document."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, http_problem)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(Exception, _unexpected)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    if any(e["type"] == "json_invalid" for e in error.errors()):
        return problem_response(400, "Il corpo della richiesta non è JSON valido.")
    errors = [{"field": _field(e["loc"]), "message": _message(e)} for e in error.errors()]
    detail = "; ".join(f"{e['field']}: {e['message']}" for e in errors[:5])
    return problem_response(422, detail, errors[:20])


def _field(location: tuple[Any, ...]) -> str:
    parts = [str(part) for part in location if part != "body"]
    return ".".join(parts) or "richiesta"


def _message(error: Any) -> str:
    context = error.get("ctx", {})
    known = {
        "missing": "manca",
        "string_type": "deve essere un testo",
        "string_too_short": "è vuoto",
        "string_too_long": f"è troppo lungo: al massimo {context.get('max_length')} caratteri",
        "too_long": f"ha troppe voci: al massimo {context.get('max_length')}",
        "literal_error": f"valori ammessi: {context.get('expected')}",
        "list_type": "deve essere un elenco",
        "extra_forbidden": "non è previsto",
        "string_unicode": "contiene caratteri non validi",
        "value_error": str(context.get("error", "non è valido")),
    }
    kind = str(error["type"])
    if kind.startswith("date"):
        return LIKE_A_DATE
    return known.get(kind, "non è valido")


async def http_problem(request: Request, error: Exception) -> JSONResponse:
    """The problem document of an error that has a status."""
    assert isinstance(error, HTTPException)
    default = DETAILS.get(error.status_code, TITLES.get(error.status_code, "Errore"))
    plain = error.detail in {"Not Found", "Method Not Allowed", ""}
    headers = dict(error.headers) if error.headers else None
    return problem_response(error.status_code, default if plain else error.detail, None, headers)


async def _unavailable(request: Request, error: Exception) -> JSONResponse:
    log.error("unavailable", path=request.url.path, why=str(error))
    return problem_response(503, str(error), headers={"Retry-After": "5"})


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected_error", path=request.url.path, error=type(error).__name__)
    return problem_response(500, DETAILS[500])
