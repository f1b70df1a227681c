"""People for the tests: where they sign in, one who is there already, and who has signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from fastapi import Depends, FastAPI

from chatbot import problem
from chatbot.desk.people import FILE, People, Role
from chatbot.desk.sessions import FILE as SESSIONS
from chatbot.desk.sessions import Sessions
from chatbot.http import oidc_api, people_api, sessions_api
from chatbot.http.access import Gate, Holder, Keyring, require
from chatbot.journal.writer import Journal
from chatbot.parts import provide
from chatbot.settings import Settings

PASSPHRASE = "cavallo batteria graffetta giusta"
SESSION = "/api/admin/session"


def application(var: Path, **more: object) -> FastAPI:
    """The routes of signing in, and one that only editors may use."""
    settings = Settings(var=var, _env_file=None, **more)  # type: ignore[arg-type,call-arg]
    app = FastAPI()
    problem.install(app)
    journal = Journal.open(f"sqlite:///{var / 'journal.sqlite'}")
    provide(app, settings, Gate(Keyring(var / "tokens.json")), journal)
    provide(app, People(var / FILE), Sessions(var / SESSIONS, settings.session_hours))
    app.include_router(sessions_api.router)
    app.include_router(people_api.router)
    oidc_api.install(app, settings)

    @app.post("/write")
    async def write(holder: Holder = Depends(require("editor"))) -> str:  # noqa: B008
        return holder.name

    return app


def person(var: Path, name: str = "redazione", role: Role = "editor") -> str:
    """Somebody of this name, with PASSPHRASE; the name."""
    people = People(var / FILE)
    people.accept(people.invite(role, "prove"), name, PASSPHRASE)
    return name


def signed_in(client: httpx.Client, name: str) -> dict[str, Any]:
    """`client` with the session of `name`, whose word goes with every request."""
    body = {"name": name, "passphrase": PASSPHRASE}
    answer = client.post(SESSION, json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    client.headers["X-CSRF-Token"] = told["word"]
    return told
