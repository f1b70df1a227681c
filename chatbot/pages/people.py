"""The page of signing in, and those of people: who may enter, one's own sessions, what was done."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from chatbot.desk.people import ROLE_WORDS, ROLES, People, PeopleError
from chatbot.desk.sessions import Sessions
from chatbot.http.access import ENTER, require, session_of
from chatbot.journal import reading
from chatbot.pages.page import render
from chatbot.parts import find, part
from chatbot.problem import responses
from chatbot.settings import Settings

LINES = 300  # of the register of changes, on one page

pages = APIRouter(include_in_schema=False)
router = APIRouter(
    prefix="/api/admin/desk",
    responses=responses(401, 403, 422, 429, 503),
    default_response_class=HTMLResponse,
)
# What each action of the audit is called by those who read it.
ACTIONS = {
    "sign-in": "accesso", "sign-out": "uscita", "sessions-ended": "chiusura di altri accessi",
    "passphrase": "frase segreta cambiata", "invite": "invito", "role": "cambio di ruolo",
    "invitation-accepted": "invito accettato", "invitation-withdrawn": "invito ritirato",
    "remove": "persona tolta", "draft-create": "bozza nuova", "draft-save": "testo salvato",
    "draft-discard": "bozza scartata", "draft-drop": "guida tolta da una bozza",
    "draft-add": "guida nuova", "draft-name": "nome di una bozza",
    "draft-rename": "nome di una guida", "draft-remove": "guida da togliere",
    "draft-restart": "bozza ripartita dal file",
    "draft-approve": "bozza approvata", "draft-publish": "bozza pubblicata",
    "draft-schedule": "pubblicazione a data",
    "draft-merge": "modifiche unite", "undo": "pubblicazione annullata",
    "impact": "prove di una bozza", "still-valid": "guida ancora valida",
    "reindex": "cartella pubblicata", "draft": "cartella costruita",
    "publish": "istantanea pubblicata", "rollback": "ritorno all'istantanea di prima",
    "review": "giudizio su una risposta", "token create": "codice di accesso fatto",
    "token revoke": "codice di accesso tolto", "person invite": "invito",
    "person remove": "persona tolta", "journal erase": "conversazione cancellata",
    "journal-erase": "domande cancellate dal registro",
    "services-import": "servizi da una tabella", "document": "documento in una bozza",
}  # fmt: skip


@pages.get("/accedi")
def sign_in_page(request: Request) -> HTMLResponse:
    settings = part(request.app, Settings)
    return render(request, "sign_in.html", oidc=settings.oidc_issuer and settings.oidc_name)


@router.get("/people", summary="Chi può accedere, e gli inviti", dependencies=[Depends(require())])
def people(request: Request) -> HTMLResponse:
    kept, sessions = part(request.app, People), part(request.app, Sessions)
    try:
        rows = [(one, sessions.of(one.name)) for one in kept.all()]
    except PeopleError as error:
        raise HTTPException(503, str(error)) from None
    return render(
        request, "desk/people.html", rows=rows, invitations=kept.invitations(), roles=ROLES,
        role_words=ROLE_WORDS,
    )  # fmt: skip


@router.get("/access", summary="I tuoi accessi, e la tua frase segreta")
def own_access(request: Request) -> HTMLResponse:
    found = session_of(request)
    if found is None:
        raise HTTPException(401, ENTER)
    person, session = found
    return render(
        request, "desk/access.html", person=person, role=ROLE_WORDS[person.role], here=session,
        sessions=part(request.app, Sessions).of(person.name),
    )  # fmt: skip


@router.get("/audit", summary="Chi ha fatto che cosa", dependencies=[Depends(require())])
def audit_log(request: Request, chi: str = "") -> HTMLResponse:
    engine = find(request.app, Engine)
    lines = reading.audit_lines(engine, LINES) if engine else []
    shown = [line for line in lines if chi in ("", line.actor)]
    actors = sorted({line.actor for line in lines})
    return render(
        request, "desk/audit.html", lines=shown, chi=chi[:80], actors=actors, actions=ACTIONS,
        journal=engine is not None,
    )  # fmt: skip
