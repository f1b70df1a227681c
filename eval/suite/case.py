"""A case: one question of the regression suite, with what is expected of the answer.

Keys in the files are Italian, because evaluators write them; the names here are the code's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from chatbot.answer import OUTCOME_WORDS, Outcome
from chatbot.question import MAX_QUESTION

WORD_OF: Mapping[str, str] = {str(name): word for name, word in OUTCOME_WORDS.items()}
OUTCOME_OF: Mapping[str, Outcome] = {word: name for name, word in OUTCOME_WORDS.items()}
Severity = Literal["alta", "media", "bassa"]
# How much a case weighs in the weighted averages: a wrong answer about the right to work or
# safety costs more than a clumsy one about opening hours.
WEIGHT: dict[str, float] = {"alta": 3.0, "media": 2.0, "bassa": 1.0}

ANSWERS = 2  # grade from which a passage answers; below it only helps

# controls, line ends and what neither YAML nor a spreadsheet can hold
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def _one_line(value: Any) -> Any:
    if isinstance(value, str) and _NOT_TEXT.search(value):
        raise ValueError("il testo deve stare su una riga sola, senza caratteri di controllo")
    return value


def _no_bar(value: Any) -> Any:
    if isinstance(value, str) and "|" in value:
        raise ValueError(
            "la barra «|» separa le alternative nei fogli di calcolo: non usarla nel testo"
        )
    return value


def _listed(value: Any) -> Any:
    """One text counts as a list of one, so that the commonest case needs no brackets."""
    return [value] if isinstance(value, str) else value


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
    BeforeValidator(_one_line),
]
# a question may be as long as people may ask it
TurnText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION),
    BeforeValidator(_one_line),
]
Piece = Annotated[Line, BeforeValidator(_no_bar)]
Fact = Annotated[tuple[Piece, ...], BeforeValidator(_listed), Field(min_length=1)]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Target = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*#[^\s#:|]+$")]
Grade = Annotated[int, Field(ge=1, le=3, strict=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class CaseProfile(_Strict):
    """What the operator has already said about the person."""

    title: Line | None = Field(None, alias="titolo")
    application_date: date | None = Field(None, alias="data_domanda")
    municipality: Line | None = Field(None, alias="comune")


class Case(_Strict):
    """`turns` are the operator's words, the last one is what is judged. `outcomes` begins with
    the expected outcome; the others are tolerated. `passages` maps `slug#anchor` to a grade:
    2 or 3 answers the question, 1 is a useful side passage. Each of `facts` is a list of
    alternatives, of which the answer must say one; `units` are the sentences (or their beginnings,
    word for word) of which it must quote one."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    theme: Tag = Field(alias="tema")
    turns: Annotated[tuple[TurnText, ...], BeforeValidator(_listed), Field(min_length=1)] = Field(
        alias="domande"
    )
    profile: CaseProfile = Field(CaseProfile.model_validate({}), alias="profilo")
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)] = Field(alias="esito")
    passages: dict[Target, Grade] = Field(default_factory=dict, alias="passaggi")
    facts: tuple[Fact, ...] = Field((), alias="fatti")
    units: Annotated[tuple[Line, ...], BeforeValidator(_listed)] = Field((), alias="frasi")
    forbidden: Annotated[tuple[Piece, ...], BeforeValidator(_listed)] = Field((), alias="mai")
    severity: Severity = Field("media", alias="gravita")
    tags: Annotated[tuple[Tag, ...], BeforeValidator(_listed)] = Field((), alias="etichette")
    author: Line = Field(alias="autore")
    written_on: date = Field(alias="data")
    why: Line = Field(alias="perche")

    @field_validator("outcomes", mode="before")
    @classmethod
    def _outcome_words(cls, value: Any) -> Any:
        words = _listed(value)
        if not isinstance(words, list | tuple):
            return value
        for word in words:
            if word not in OUTCOME_OF and word not in WORD_OF:
                raise ValueError(f"esito «{word}» sconosciuto: usare {', '.join(OUTCOME_OF)}")
        return tuple(OUTCOME_OF.get(word, word) for word in words)

    @model_validator(mode="after")
    def _coherent(self) -> Case:
        if self.expected == "answered" and not self.passages:
            raise ValueError(
                "un caso con esito «risposta» deve dire in «passaggi» dove sta la risposta"
            )
        if self.expected not in ("answered", "emergency") and (self.facts or self.units):
            raise ValueError(
                "«fatti» e «frasi» hanno senso solo se l'esito è «risposta» o «emergenza»"
            )
        if len(set(self.outcomes)) < len(self.outcomes) or len(set(self.tags)) < len(self.tags):
            raise ValueError("«esito» ed «etichette» non ripetono lo stesso valore")
        return self

    @property
    def expected(self) -> Outcome:
        return self.outcomes[0]

    @property
    def answering(self) -> frozenset[str]:
        """The passages that answer by themselves."""
        return frozenset(name for name, grade in self.passages.items() if grade >= ANSWERS)

    @property
    def question(self) -> str:
        return self.turns[-1]

    @property
    def weight(self) -> float:
        return WEIGHT[self.severity]

    def to_plain(self) -> dict[str, Any]:
        """The case as an evaluator writes it: Italian keys, defaults left out."""
        plain = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        plain["esito"] = [WORD_OF[outcome] for outcome in self.outcomes]
        plain["data"] = self.written_on
        if self.profile.application_date:
            plain["profilo"]["data_domanda"] = self.profile.application_date
        for key in ("domande", "esito"):
            plain[key] = plain[key][0] if len(plain[key]) == 1 else plain[key]
        return plain
