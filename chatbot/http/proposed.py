"""What goes out of the scripts and services that are proposed beside an answer."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from chatbot.answer import ProposedScript, ProposedService


class ContactOut(BaseModel):
    kind: str
    value: str


class StepDetailOut(BaseModel):
    """The step at which a script is opened."""

    step: str
    step_title: str


class ServiceDetailOut(BaseModel):
    """How a service is reached, and whether somebody has checked it."""

    address: str | None
    municipality: str | None
    contacts: list[ContactOut]
    status: str
    review_by: date | None


class ProposedOut(BaseModel):
    guide: str
    title: str
    url: str


class ProposedScriptOut(ProposedOut):
    detail: StepDetailOut

    @classmethod
    def of(cls, one: ProposedScript) -> ProposedScriptOut:
        detail = StepDetailOut(step=one.step, step_title=one.step_title)
        return cls(guide=one.guide, title=one.title, url=one.url, detail=detail)


class ProposedServiceOut(ProposedOut):
    detail: ServiceDetailOut

    @classmethod
    def of(cls, one: ProposedService) -> ProposedServiceOut:
        detail = ServiceDetailOut(
            address=one.address, municipality=one.municipality,
            contacts=[ContactOut(kind=c.kind, value=c.value) for c in one.contacts],
            status=one.status, review_by=one.review_by,
        )  # fmt: skip
        return cls(guide=one.guide, title=one.title, url=one.url, detail=detail)
