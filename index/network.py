"""The network as data: who runs a Bussola, its territory, titles of stay, reforms, needs, house
rules. Read from the folder `rete/` of the guides, published inside the snapshot; without that
folder it is neutral: no titles, no reforms, no places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from index.finding import Finding
from index.places import Places

EVERYBODY = "tutti"  # whom a guide is for, when it is for all
ITALIAN = "it"
Level = Literal["errore", "avviso", "no"]
Names = Mapping[str, str]  # what is shown, by language
Phrases = Mapping[str, tuple[str, ...]]  # what is looked for, by language (index/phrases.py)
# Rules of a house, which a network sets as it likes, with what each weighs where none does: so a
# folder that nobody prepared is published. The others are of every folder, because what they find
# would lose or mislead content.
HOUSE_RULES: Mapping[str, Level] = {
    "required": "no", "title": "no", "slug": "no", "source": "no", "reform": "no", "plain": "no",
    "readability": "no", "anchor": "no", "heading": "no", "empty": "no", "length": "no",
    "place": "no", "contact": "no", "term": "no", "date": "no", "act": "no", "deadline": "no",
    "repeat": "no", "breath": "no", "number": "no", "link": "avviso", "syntax": "avviso",
    "translation": "avviso",
}  # fmt: skip


def in_language(names: Names, language: str, otherwise: str = "") -> str:
    """What is shown in a language: in Italian, or in any there is, where it is not there."""
    return names.get(language) or names.get(ITALIAN) or next(iter(names.values()), otherwise)


@dataclass(frozen=True, slots=True)
class Named:
    """A need, or whom a guide is for: the name in the guides and the names shown."""

    id: str
    names: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """What services do for a person, and the guides or sections (`guide`, `guide#anchor`) whose
    matter leads to who does it. `line` is where it stands in its file."""

    id: str
    guides: tuple[str, ...]
    line: int = 1


@dataclass(frozen=True, slots=True)
class Title:
    """A title of stay: `person` is how the guides name who has it, `listed` how it is shown among
    those whom guides are for, `also` what takes the place of a person in a follow-up."""

    id: str
    person: str
    names: Names = field(default_factory=dict)
    listed: Names = field(default_factory=dict)
    phrases: Phrases = field(default_factory=dict)
    also: tuple[str, ...] = ()
    excludes_others: bool = False  # nobody has two of these
    presumes_permit: bool = True


@dataclass(frozen=True, slots=True)
class RuleNumber:
    """The number that a rule has in all guides: `words` together name the rule in a sentence,
    `unless` is of sentences that speak of something else."""

    id: str
    number: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedNumber:
    """A number that, beside some words, holds on one side of a reform alone."""

    number: str
    beside: tuple[str, ...]
    holds_for: str


@dataclass(frozen=True, slots=True)
class InGuides:
    """How the guides say the day of a reform: the day itself, one side of it, both at once."""

    day: str
    before: str
    since: str
    both: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Reform:
    """A day from which applications of some kind follow other rules; the date of one application
    is known of a person, so that reforms of a network are about the same kind."""

    id: str
    day: date
    of: str
    in_guides: InGuides
    names: Phrases = field(default_factory=dict)
    applied: Phrases = field(default_factory=dict)  # says that the application was made
    matter: Phrases = field(default_factory=dict)  # may stand between that and the date
    settled: frozenset[str] = frozenset()  # titles for which the date decides nothing
    presumes: tuple[str, ...] = ()  # who has this applied since the reform
    rule_before: tuple[str, ...] = ()  # words of a rule, before the day in its sentence
    rule_after: tuple[str, ...] = ()
    named_rule: tuple[str, ...] = ()  # a question with these says which rule it means
    dated_numbers: tuple[DatedNumber, ...] = ()
    asks: Names = field(default_factory=dict)
    before: Names = field(default_factory=dict)
    since: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What answers a question however it is written in `questions`: a section (`guide#anchor`), or
    none, and then `refer_to` says whom to turn to. `line` is where it stands in its file."""

    questions: tuple[str, ...]
    section: str = ""
    refer_to: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Notice:
    """Words that come before the answers of some guides, or of some needs, until a day."""

    text: str
    until: date
    guides: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    line: int = 1


@dataclass(frozen=True, eq=False)
class Network:
    """Everything that belongs to who runs a Bussola and not to the program. Two networks are the
    same only when they are one object, so that what is worked out of one can be kept beside it."""

    name: str = ""
    digest: str = ""  # names the files it was read from
    language: str = ITALIAN  # of the guides
    time_zone: str = "Europe/Rome"
    phone_country: str = "IT"
    places: Places = field(default_factory=Places)
    titles: tuple[Title, ...] = ()
    reforms: tuple[Reform, ...] = ()  # newest first
    needs: tuple[Named, ...] = ()
    others: tuple[Named, ...] = ()  # whom guides are for, beside who has a title
    abroad: tuple[str, ...] = ()  # countries that the guides do not speak of
    of_abroad: tuple[str, ...] = ()  # words of a text that speaks of other countries
    legal_references: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()  # what acts with number and year are called
    dated_acts: tuple[str, ...] = ()  # and those that a day names
    short_names: Mapping[str, str] = field(default_factory=dict)  # to number and year
    deadlines: tuple[str, ...] = ()  # words before a last day
    bygone: tuple[str, ...] = ()  # words before those: the day is past, or an example
    numbers: tuple[RuleNumber, ...] = ()
    never_names: frozenset[str] = frozenset()  # folded: no name even after «signora»
    not_people: frozenset[str] = frozenset()  # folded: no name without such a word before it
    out_of_scope: Names = field(default_factory=dict)
    reached_at: Mapping[str, str] = field(default_factory=dict)  # «sito», «email», «telefono»
    motto: str = ""  # under the name of the program, on each page
    examples: tuple[str, ...] = ()  # questions that the chat shows before the first one
    synonyms: tuple[tuple[str, ...], ...] = ()  # groups of words that are searched alike
    levels: Mapping[str, Level] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    notices: tuple[Notice, ...] = ()
    tasks: tuple[Task, ...] = ()

    def now(self) -> datetime:
        """The time where the network is."""
        return datetime.now(ZoneInfo(self.time_zone))

    def today(self) -> date:
        """The day where the network is, whatever the machine's own time zone."""
        return self.now().date()

    def day_of(self, moment: datetime) -> date:
        """The day that it was where the network is."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    @cached_property
    def title_of(self) -> Mapping[str, Title]:
        return {title.id: title for title in self.titles}

    @cached_property
    def audiences(self) -> Mapping[str, Names]:
        """Whom a guide may be for, with the names shown: everybody first, then by title."""
        others = {named.id: named.names for named in self.others}
        everybody = {EVERYBODY: others[EVERYBODY]} if EVERYBODY in others else {}
        return everybody | {t.id: t.listed or t.names for t in self.titles} | others

    @cached_property
    def needs_shown(self) -> Mapping[str, Names]:
        return {need.id: need.names for need in self.needs}

    @cached_property
    def tasks_by_place(self) -> Mapping[str, frozenset[str]]:
        """The tasks of each guide or section that is of some."""
        places = {place for task in self.tasks for place in task.guides}
        return {p: frozenset(t.id for t in self.tasks if p in t.guides) for p in places}

    def level(self, rule: str) -> Level:
        """How much a finding of `rule` weighs: as the rule says it, never more than a warning, or
        nothing."""
        return self.levels.get(rule, HOUSE_RULES.get(rule, "errore"))

    def weigh(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings that count here, none weighing more than it may."""
        for finding in findings:
            level = self.level(finding.rule)
            if level != "no":
                yield replace(finding, severity="warning") if level == "avviso" else finding

    @property
    def rules_off(self) -> int:
        """How many house rules find nothing here."""
        return sum(self.level(rule) == "no" for rule in HOUSE_RULES)


NEUTRAL = Network()
_JSON = TypeAdapter(Network)


def to_json(network: Network) -> bytes:
    return _JSON.dump_json(network)


def from_json(data: bytes) -> Network:
    """Raises pydantic's ValidationError."""
    return _JSON.validate_json(data)
