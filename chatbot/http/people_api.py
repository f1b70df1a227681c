"""What who administers does with people: invite, change a role, give a new link, remove."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from chatbot.desk.people import People, Role
from chatbot.desk.sessions import Sessions
from chatbot.http.access import Holder, audit, require
from chatbot.http.address import public_base
from chatbot.http.admin_api import guarded
from chatbot.parts import part
from chatbot.problem import responses

router = APIRouter(
    prefix="/api/admin/people",
    responses=responses(401, 403, 422, 429, 503),
)
Admin = Annotated[Holder, Depends(require())]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class InviteIn(BaseModel):
    """`note` says whom the link is for; with `person` it gives a new passphrase to who is there."""

    role: Role = "editor"
    note: Annotated[str, Field(max_length=120)] = ""
    person: Annotated[str, Field(max_length=80)] = ""


class RoleIn(BaseModel):
    person: Name
    role: Role


class PersonIn(BaseModel):
    person: Name


class WithdrawIn(BaseModel):
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$", max_length=64)]


class InvitedOut(BaseModel):
    """`address` is shown only this once; the secret stands after its #, which no log keeps."""

    address: str


class DoneOut(BaseModel):
    done: bool = True


@router.post("/invitations", response_model=InvitedOut, summary="Un invito")
async def invite(request: Request, body: InviteIn, admin: Admin) -> Any:
    people = part(request.app, People)
    audit(request, admin, "invite", f"{body.role} {body.person or body.note}".strip())
    base = public_base(request)

    def work() -> InvitedOut:
        secret = people.invite(body.role, admin.name, body.note, body.person)
        return InvitedOut(address=invitation_address(base, secret))

    return await guarded(work)


@router.post("/invitations/withdraw", response_model=DoneOut, summary="Un invito non vale più")
async def withdraw(request: Request, body: WithdrawIn, admin: Admin) -> Any:
    people = part(request.app, People)
    audit(request, admin, "invitation-withdrawn")

    def work() -> DoneOut:
        people.withdraw(body.digest)
        return DoneOut()

    return await guarded(work)


@router.post("/role", response_model=DoneOut, summary="Il ruolo di una persona")
async def change_role(request: Request, body: RoleIn, admin: Admin) -> Any:
    people = part(request.app, People)
    audit(request, admin, "role", f"{body.person} {body.role}")

    def work() -> DoneOut:
        people.change_role(body.person, body.role)
        return DoneOut()

    return await guarded(work)


@router.post("/remove", response_model=DoneOut, summary="Una persona non accede più")
async def remove(request: Request, body: PersonIn, admin: Admin) -> Any:
    """From this moment: its sessions end too."""
    people, sessions = part(request.app, People), part(request.app, Sessions)
    audit(request, admin, "remove", body.person)

    def work() -> DoneOut:
        people.remove(body.person)
        sessions.end_all(body.person)
        return DoneOut()

    return await guarded(work)


def invitation_address(base: str, secret: str) -> str:
    return f"{base}/accedi#invito={secret}"
