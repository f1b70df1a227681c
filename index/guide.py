"""A guide as parsed: what an editor wrote, in frozen types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

Kind = Literal["scheda", "copione", "servizio", "emergenza", "glossario"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# The folders of the kinds that have one of their own.
FOLDER_OF: Mapping[Kind, str] = {
    "scheda": "schede", "copione": "copioni", "servizio": "servizi", "emergenza": "emergenze",
}  # fmt: skip
UnitKind = Literal["sentence", "item", "row", "code"]

# Anchors of the sections made from the front matter, whose source is the guide's own.
GENERATED = {"servizio": "contatti", "emergenza": "numeri"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: a law, a circular, a page."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest text that is cited: a sentence, a list item or a table row.

    `text` is the visible text, verbatim. `lead` is what gives it sense: the lead-in of a
    list, the header of a table. `key` names the unit by its text, so that a link to it
    dies with it instead of pointing at another sentence.
    """

    key: str
    text: str
    kind: UnitKind
    line: int
    lead: str = ""
    block: int = 0  # ordinal of the block (paragraph, list, table) within the section


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, up to the next heading of any level."""

    anchor: str
    heading_path: tuple[str, ...]
    level: int
    line: int
    last_line: int
    units: tuple[Unit, ...] = ()
    explicit_anchor: bool = False
    questions: tuple[str, ...] = ()  # that lead here, in operators' words (`domande`)


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image: where it leads, and the text a reader sees of it."""

    target: str
    text: str
    line: int
    image: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a step; `target` is an anchor of the script (`#x`) or another guide."""

    label: str
    target: str
    target_title: str
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a script. A step without options ends the script."""

    id: str
    title: str
    text: str  # Markdown, without the options
    options: tuple[Option, ...]
    ends: bool
    line: int


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach a service: `kind` is telefono, email, pec, sito or whatsapp."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Service:
    """A card of the charter of services."""

    name: str
    body: str
    municipality: str | None
    area: tuple[str, ...]
    address: str | None
    contacts: tuple[Contact, ...]
    hours: str | None
    languages: tuple[str, ...]
    access: str | None
    status: Literal["verificato", "da verificare"]
    asks: tuple[str, ...] = ()  # what it needs to know of a person sent there
    tasks: tuple[str, ...] = ()  # what it does, of those that the network lists


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary."""

    term: str
    anchor: str
    expansion: str
    meaning: str
    variants: tuple[str, ...] = ()
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """One Markdown file of `guides/`."""

    slug: str
    path: str  # relative to guides/, with forward slashes
    kind: Kind
    title: str
    verified_on: date | None
    review_by: date | None
    markdown: str  # the whole file, then what the front matter says as a section
    digest: str = field(default="", compare=False)  # SHA-256 of the file, hexadecimal
    needs: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    territory: str = ""  # where it holds; everywhere the network is, where it does not say
    valid_from: date | None = None
    valid_until: date | None = None
    owner: str = ""
    keywords: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()  # in addresses, before its file was renamed
    sources: tuple[Source, ...] = ()
    sections: tuple[Section, ...] = ()
    links: tuple[Link, ...] = ()
    minutes: int | None = None
    steps: tuple[Step, ...] = ()
    service: Service | None = None
    numbers: tuple[EmergencyNumber, ...] = ()
    signals: tuple[str, ...] = ()
    terms: tuple[Term, ...] = field(default=())
    draft: bool = False  # checked, never published

    @property
    def names(self) -> tuple[str, ...]:
        """All the names that it has and had in addresses."""
        return (self.slug, *self.former_names)

    def overdue(self, today: date) -> bool:
        """Whether the day by which it was to be looked at again has passed."""
        return self.review_by is not None and self.review_by < today


@dataclass(frozen=True, slots=True)
class Handout:
    """The plain-words box of a sheet in another language, to print and hand over: no evidence,
    never searched, cited or counted among the guides."""

    guide: str  # slug of the sheet
    language: str
    path: str  # relative to guides/, with forward slashes
    title: str
    markdown: str  # the whole file
    made_from: str  # fingerprint of the Italian box it was translated from
    proofread: bool  # by a native speaker
    digest: str = field(default="", compare=False)  # SHA-256 of the file, hexadecimal
