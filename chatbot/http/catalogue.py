"""What goes out about guides, scripts and services: the bodies of `/api/guides` and the like."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from chatbot.http.messages import SourceOut
from chatbot.http.proposed import ContactOut
from index.guide import Guide, Kind, Option, Step
from index.parse.render import render_markdown


class GuideOut(BaseModel):
    """A guide in a list."""

    slug: str
    kind: Kind
    title: str
    needs: list[str]
    audience: list[str]
    territory: str
    verified_on: date | None
    review_by: date | None
    url: str

    @classmethod
    def of(cls, guide: Guide) -> GuideOut:
        return cls(
            slug=guide.slug,
            kind=guide.kind,
            title=guide.title,
            needs=list(guide.needs),
            audience=list(guide.audience),
            territory=guide.territory,
            verified_on=guide.verified_on,
            review_by=guide.review_by,
            url=f"/guide/{guide.slug}",
        )


class SectionOut(BaseModel):
    anchor: str
    heading: str
    level: int


class GuideDetailOut(GuideOut):
    """A guide with its sections and its HTML."""

    sources: list[SourceOut]
    sections: list[SectionOut]
    html: str


class ServiceOut(GuideOut):
    """A card of the charter of services."""

    name: str
    body: str
    municipality: str | None
    area: list[str]
    address: str | None
    contacts: list[ContactOut]
    hours: str | None
    languages: list[str]
    access: str | None
    status: str
    sources: list[SourceOut]


class OptionOut(BaseModel):
    """A choice of a step; `target` is an anchor of the script (`#x`) or another guide."""

    label: str
    target: str
    title: str


class StepOut(BaseModel):
    """One step of a script, in Markdown and in HTML; without options it ends the script."""

    id: str
    title: str
    text: str
    html: str
    options: list[OptionOut]
    ends: bool


class ScriptOut(GuideOut):
    """A script, step by step."""

    minutes: int | None
    steps: list[StepOut]


def guide_detail(guide: Guide, html: str) -> GuideDetailOut:
    return GuideDetailOut(
        **dict(GuideOut.of(guide)),
        sources=sources_of(guide),
        sections=[
            SectionOut(anchor=s.anchor, heading=s.heading_path[-1], level=s.level)
            for s in guide.sections
        ],
        html=html,
    )


def services_out(guides: list[Guide]) -> list[ServiceOut]:
    """The cards among some guides, by title."""
    return [
        ServiceOut(
            **dict(GuideOut.of(guide)),
            name=service.name,
            body=service.body,
            municipality=service.municipality,
            area=list(service.area),
            address=service.address,
            contacts=[ContactOut(kind=c.kind, value=c.value) for c in service.contacts],
            hours=service.hours,
            languages=list(service.languages),
            access=service.access,
            status=service.status,
            sources=sources_of(guide),
        )
        for guide in sorted(guides, key=lambda g: g.title)
        if (service := guide.service)
    ]


def script_out(guide: Guide) -> ScriptOut:
    steps = [_step(step) for step in guide.steps]
    return ScriptOut(**dict(GuideOut.of(guide)), minutes=guide.minutes, steps=steps)


def _step(step: Step) -> StepOut:
    return StepOut(
        id=step.id,
        title=step.title,
        text=step.text,
        html=render_markdown(step.text),
        options=[_option(option) for option in step.options],
        ends=step.ends,
    )


def _option(option: Option) -> OptionOut:
    return OptionOut(label=option.label, target=option.target, title=option.target_title)


def sources_of(guide: Guide) -> list[SourceOut]:
    return [SourceOut(label=source.title, url=source.url) for source in guide.sources]
