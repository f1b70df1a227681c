"""The bodies of the routes of drafts: what comes in, what goes out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from chatbot.answer import OUTCOME_WORDS, Answer
from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Draft
from chatbot.desk.impact import Impact
from chatbot.question import MAX_QUESTION
from index.guide import Kind
from index.parse.header import fields_of, first_line_of, joined, split_text, with_fields
from index.parse.render import render_markdown

MAX_BODY, MAX_HEAD = 60_000, 40_000
Key = Annotated[str, Field(pattern="^[a-z_]{1,30}$", max_length=30)]
Line = Annotated[str, Field(max_length=2_000)]
Value = (
    int | Line | Annotated[list[Line | dict[Key, Line]], Field(max_length=200)]
    | dict[Line, list[Line]]
)  # fmt: skip
Fields = Annotated[dict[Key, Value], Field(max_length=40)]
# the same, as a file has them: however many and however long
FieldOut = int | str | list[str | dict[str, str]] | dict[str, list[str]]


class GuideText(BaseModel):
    """A guide as a form has it: the front matter it began from, its fields as they are now, and
    the text under it. Without fields `body` is the whole file."""

    head: Annotated[str, Field(max_length=MAX_HEAD)] = ""
    fields: Fields | None = None
    body: Annotated[str, Field(max_length=MAX_BODY)]

    def text(self) -> str:
        """The file. Raises ValueError where `head` cannot be read."""
        body = self.body.replace("\r\n", "\n").replace("\r", "\n")
        if self.fields is None:
            return body
        return joined(with_fields(self.head.replace("\r\n", "\n"), self.fields), body)


class SaveIn(GuideText):
    """`version` is the one that the text was written over, 0 for a guide new to the draft;
    `digest` names the file that was opened; `over` keeps this text whatever others saved."""

    version: Annotated[int, Field(ge=0)]
    digest: Annotated[str, Field(pattern="^([0-9a-f]{64})?$", max_length=64)] = ""
    over: bool = False


class PreviewIn(GuideText):
    """`path` is the one that the file will have, `was` the one that it has."""

    path: Annotated[str, Field(max_length=300)] = ""
    was: Annotated[str, Field(max_length=300)] = ""


class NameIn(BaseModel):
    name: Annotated[str, Field(max_length=120)] = ""


class NewGuideIn(BaseModel):
    title: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Kind = "scheda"
    questions: Annotated[
        list[Annotated[str, Field(max_length=MAX_QUESTION)]], Field(max_length=200)
    ] = []


class AskIn(BaseModel):
    question: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]


class ReasonIn(BaseModel):
    reason: Annotated[str, Field(max_length=500)] = ""


class ApproveIn(BaseModel):
    """`version` is the one that was read."""

    version: Annotated[int, Field(ge=1)]


class ScheduleIn(ReasonIn):
    day: date


class UndoIn(BaseModel):
    """`guide` takes back one guide alone; empty, the whole publication."""

    guide: Annotated[str, Field(pattern="^[a-z0-9-]{0,100}$", max_length=100)] = ""


class DraftGuideOut(BaseModel):
    slug: str
    path: str
    version: int
    by: str
    at: datetime
    new: bool
    aside: int


class DraftOut(BaseModel):
    id: str
    name: str
    by: str
    version: int
    state: Literal["open", "published", "discarded"]
    updated: datetime
    guides: list[DraftGuideOut]
    approved_by: list[str]
    day: date | None


class SavedOut(BaseModel):
    """`outside`: the file of the guide is no longer the one that was opened."""

    draft: str
    version: int
    outside: bool


class AsideOut(BaseModel):
    text: str
    by: str
    at: datetime


class DraftTextOut(BaseModel):
    """A guide of a draft, in parts; `fields` is null where its front matter cannot be read."""

    version: int
    by: str
    at: datetime
    head: str
    fields: dict[str, FieldOut] | None
    body: str
    aside: list[AsideOut]


class FindingOut(BaseModel):
    """`line` is of the text that the editor shows, 0 where the finding is of a `field`."""

    line: int
    field: str
    message: str
    rule: str
    severity: Literal["error", "warning"]


class UnitOut(BaseModel):
    lead: str
    text: str


class CutOut(BaseModel):
    id: str
    heading: str
    units: list[UnitOut]


class PreviewOut(BaseModel):
    findings: list[FindingOut]
    page: str
    passages: list[CutOut]
    sections: list[tuple[str, str]]


class CitedOut(BaseModel):
    title: str
    url: str
    quote: str


class SaidOut(BaseModel):
    outcome: str
    html: str
    citations: list[CitedOut]


class AskedOut(BaseModel):
    published: SaidOut
    draft: SaidOut
    same: bool


class UnitChangeOut(BaseModel):
    before: str
    after: str


class DraftChangeOut(BaseModel):
    kind: Literal["added", "removed", "changed", "moved"]
    passage: str
    heading: str
    units: list[UnitChangeOut]
    was: str


class ChangesOut(BaseModel):
    summary: str
    changes: list[DraftChangeOut]


class DraftImpactOut(BaseModel):
    """`done` of `total` questions were asked, 0 as long as that is not known; `counts` are of what
    changed so far."""

    state: Literal["none", "running", "done", "failed"]
    why: str
    seconds: int
    harmless: bool
    done: int
    total: int
    counts: dict[str, int]


class PublicationOut(BaseModel):
    """`not_committed` says why git did not take it, where the guides are in a repository."""

    publication: str
    snapshot: str
    not_committed: str


def draft_out(draft: Draft) -> DraftOut:
    return DraftOut(
        id=draft.id, name=draft.name, by=draft.by, version=draft.version, state=draft.state,
        updated=draft.updated, approved_by=list(draft.approved_by),
        day=draft.schedule.day if draft.schedule else None, guides=[
            DraftGuideOut(
                slug=g.slug, path=g.path, version=g.version, by=g.by, at=g.at,
                new=not g.digest, aside=len(g.aside),
            )
            for g in draft.guides
        ],
    )  # fmt: skip


def guide_out(guide: DraftGuide) -> DraftTextOut:
    head, body = split_text(guide.text)
    fields = fields_of(head) if head else None
    return DraftTextOut(
        version=guide.version, by=guide.by, at=guide.at, head=head, fields=fields,
        body=guide.text if fields is None else body,
        aside=[AsideOut(text=one.text, by=one.by, at=one.at) for one in guide.aside],
    )  # fmt: skip


def lines_before(text: str, whole: bool) -> int:
    """How many lines of a file stand before what its editor shows: none when it shows all."""
    return 0 if whole else first_line_of(text)


def said(answer: Answer) -> SaidOut:
    return SaidOut(
        outcome=OUTCOME_WORDS[answer.outcome],
        html=render_markdown(answer.answer),
        citations=[CitedOut(title=c.title, url=c.url, quote=c.quote) for c in answer.citations],
    )


def impact_out(impact: Impact | None, now: datetime) -> DraftImpactOut:
    if impact is None:
        return DraftImpactOut(
            state="none", why="", seconds=0, harmless=False, done=0, total=0, counts={}
        )
    return DraftImpactOut(
        state=impact.state, why=impact.why, seconds=int((now - impact.at).total_seconds()),
        harmless=impact.harmless, done=impact.done, total=impact.total,
        counts={effect: impact.count(effect) for effect in ("worse", "better", "changed")},
    )  # fmt: skip
