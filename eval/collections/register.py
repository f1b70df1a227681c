"""Which collections there are, who wrote each, what it was used for, and who has read it.

`register.yaml` is written by hand, `read.jsonl` by `bussola eval collection read`: a line a
reading, never taken away.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from eval.beir import DataError, read_jsonl
from eval.collections.item import FOLDER

REGISTER = FOLDER / "register.yaml"
READ = FOLDER / "read.jsonl"
Kind = Literal["domande", "pericoli", "seguiti", "cortesie", "guide-di-altri", "attacchi"]
Use = Literal["pratica", "scelta", "prova"]


class ReadingMark(BaseModel):
    """Somebody looked at the items one by one: `why`, and when."""

    model_config = ConfigDict(frozen=True)
    collection: str
    on: date
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Collection(BaseModel):
    """A collection as the register has it. `guides`, where it asks other guides than those
    published, is their folder."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    name: str = Field(alias="nome")
    title: str = Field(alias="titolo")
    kind: Kind = Field(alias="tipo")
    path: Path = Field(alias="file")
    guides: Path | None = Field(None, alias="guide")
    use: Use = Field(alias="uso")
    author: str = Field(alias="scritta_da")
    used_for: tuple[str, ...] = Field((), alias="servita_a")
    readings: tuple[ReadingMark, ...] = ()

    @property
    def proves(self) -> bool:
        """Whether its figures are a proof: a test that taught nothing and nobody has read."""
        return self.use == "prova" and not self.used_for and not self.readings

    @property
    def measured(self) -> bool:
        """What was learnt from is not measured at all."""
        return self.use != "pratica"

    @property
    def standing(self) -> str:
        """Why its figures prove something or not, in a sentence for people."""
        if self.proves:
            return "È una prova: nessuno l'ha usata né letta."
        if self.readings:
            last = self.readings[-1]
            return f"Non è più una prova: letta voce per voce il {last.on:%d/%m/%Y} ({last.why})."
        return f"Non è una prova: è servita per {', '.join(self.used_for) or 'scegliere'}."


def read_register(register: Path = REGISTER, read: Path = READ) -> tuple[Collection, ...]:
    """Every collection, in the order of the register, with its readings. Paths are absolute.
    Raises DataError, naming the file, when one of the two is broken."""
    try:
        plain = yaml.safe_load(register.read_text(encoding="utf-8"))
        found = TypeAdapter(list[Collection]).validate_python(plain)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise DataError(f"{register.name} non si può usare: {error}") from error
    marks = readings(read)
    return tuple(
        one.model_copy(update={
            "path": (register.parent / one.path).resolve(),
            "guides": (register.parent / one.guides).resolve() if one.guides else None,
            "readings": tuple(mark for mark in marks if mark.collection == one.name),
        })
        for one in found
    )  # fmt: skip


def readings(read: Path = READ) -> tuple[ReadingMark, ...]:
    """What was read item by item, oldest first. Raises DataError."""
    rows = read_jsonl(read, ("collection", "on", "why")) if read.is_file() else []
    try:
        return tuple(ReadingMark.model_validate(row) for row in rows)
    except ValidationError as error:
        raise DataError(f"{read.name}: {error}") from error


def mark_read(name: str, why: str, on: date, read: Path = READ) -> ReadingMark:
    """Write down that `name` was read item by item: from then on it proves nothing. A name that
    the register lacks is taken: test collections are kept elsewhere. Raises DataError where
    `why` says nothing."""
    if len(why.split()) < 3:
        raise DataError("il motivo deve dire qualcosa: almeno tre parole")
    reading = ReadingMark(collection=name, on=on, why=" ".join(why.split()))
    line = json.dumps(reading.model_dump(mode="json"), ensure_ascii=False)
    with read.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    return reading
