"""The heading of a guide: one pydantic model per kind, errors with their line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from index.finding import Finding, has_error
from index.network import NEUTRAL, Network
from index.parse.yaml_lines import UnreadableYaml, cut_values, line_of, message_of, read_yaml

Keys = TypeVar("Keys", bound=BaseModel)


def _known(value: str, names: Mapping[str, object]) -> str:
    """`value`, when a network that has `names` has it: one without them takes any."""
    if names and value not in names:
        expected = ", ".join(f"'{name}'" for name in names)
        raise PydanticCustomError("literal_error", "{expected}", {"expected": expected})
    return value


def _network(info: ValidationInfo) -> Network:
    return (info.context or {}).get("network", NEUTRAL)


Need = Annotated[str, AfterValidator(lambda v, info: _known(v, _network(info).needs_shown))]
TaskOf = Annotated[
    str, AfterValidator(lambda v, info: _known(v, {t.id: t for t in _network(info).tasks}))
]
Audience = Annotated[str, AfterValidator(lambda v, info: _known(v, _network(info).audiences))]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Text = Annotated[str, Field(min_length=1, max_length=500)]
Texts = Annotated[list[Text], BeforeValidator(_as_list)]
MAX_ASKED = 200  # characters of a question that leads to a section
Question = Annotated[str, Field(min_length=1, max_length=MAX_ASKED)]
Questions = Annotated[list[Question], BeforeValidator(_as_list)]


URL = re.compile(r"^https?://[^\s…]+$")
NAME = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")  # of a guide, in addresses
FormerName = Annotated[str, Field(pattern=NAME.pattern, max_length=100)]
FormerNames = Annotated[list[FormerName], BeforeValidator(_as_list), Field(max_length=50)]
DRAFT = "bozza"  # the state of a guide that is checked and never published


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


State = Annotated[Literal["bozza"], BeforeValidator(_lower)]
ServiceState = Annotated[Literal["verificato", "da verificare", "bozza"], BeforeValidator(_lower)]


class SourceModel(BaseModel):
    model_config = ConfigDict(extra="forbid")
    titolo: Text
    url: Annotated[str, Field(pattern=URL.pattern)] | None = None


class FrontMatter(BaseModel):
    """What every guide has."""

    model_config = ConfigDict(extra="forbid")
    titolo: Text | None = None
    tipo: str
    verificato_il: date | None = None
    rivedere_entro: date | None = None
    territorio: Text | None = None
    responsabile: str = ""
    fonti: list[SourceModel] = []
    valido_dal: date | None = None
    valido_fino: date | None = None
    parole_chiave: Texts = []
    bisogni: list[Need] = []
    per_chi: list[Audience] = []
    domande: dict[str, Questions] = {}
    nomi_precedenti: FormerNames = []

    @property
    def draft(self) -> bool:
        """Whether it says to be one, and is not to be published."""
        return getattr(self, "stato", None) == DRAFT

    @model_validator(mode="after")
    def _dates_in_order(self) -> FrontMatter:
        if self.rivedere_entro and self.verificato_il and self.rivedere_entro <= self.verificato_il:
            raise ValueError("«rivedere_entro» deve venire dopo «verificato_il»")
        if self.valido_dal and self.valido_fino and self.valido_fino < self.valido_dal:
            raise ValueError("«valido_fino» viene prima di «valido_dal»")
        return self


class Guidance(FrontMatter):
    """A guide that is no service: it says its state as long as it is a draft."""

    stato: State | None = None


class Sheet(Guidance):
    tipo: Literal["scheda"]


class Script(Guidance):
    tipo: Literal["copione"]
    durata_minuti: Annotated[int, Field(strict=True, ge=1, le=240)] | None = None


class Contacts(BaseModel):
    model_config = ConfigDict(extra="forbid")
    telefono: Texts = []
    email: Texts = []
    pec: Texts = []
    sito: Texts = []
    whatsapp: Texts = []


class ServiceCard(FrontMatter):
    tipo: Literal["servizio"]
    stato: ServiceState = "da verificare"
    ente: Text | None = None
    indirizzo: Text | None = None
    comune: Text | None = None
    area: Texts = []
    orari: Text | None = None
    lingue: Texts = []
    accesso: Text | None = None
    chiede: Texts = []
    compiti: list[TaskOf] = []
    contatti: Contacts = Contacts()


class NumberModel(BaseModel):
    model_config = ConfigDict(extra="forbid")
    numero: Annotated[str, Field(pattern=r"^[+\d][\d ]{2,}$")]
    nome: Text


class Emergency(Guidance):
    tipo: Literal["emergenza"]
    numeri: list[NumberModel] = Field(min_length=1)
    segnali: Texts = Field(min_length=1)


class Glossary(Guidance):
    tipo: Literal["glossario"]


MODELS: Mapping[str, type[FrontMatter]] = {
    "scheda": Sheet,
    "copione": Script,
    "servizio": ServiceCard,
    "emergenza": Emergency,
    "glossario": Glossary,
}


ALL_HAVE = ("titolo", "tipo", "verificato_il", "rivedere_entro", "fonti")
# What a house requires of each kind of guide (`required`); elsewhere it may be left out.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "scheda": (*ALL_HAVE, "bisogni", "per_chi", "responsabile"),
    "copione": (*ALL_HAVE, "bisogni", "per_chi", "responsabile", "durata_minuti"),
    "servizio": (*ALL_HAVE, "bisogni", "per_chi", "stato"),
    "emergenza": (*ALL_HAVE, "bisogni", "per_chi", "responsabile"),
    "glossario": (*ALL_HAVE, "responsabile"),
}
RULE = "front-matter"
SHOWN = 8  # keys of other programs that a finding names


def read_front_matter(
    text: str, path: str, first_line: int, network: Network = NEUTRAL
) -> tuple[FrontMatter | None, list[Finding]]:
    """Validate the YAML `text` whose first line is line `first_line` of `path`, for a network:
    what it lists as needs and titles is all there may be. Where nothing is required, keys of other
    programs are told and left aside.

    Returns the model and findings: an error among them when there is no model.
    """
    strict = network.level("required") == "errore"
    data, node, told = read_keys(text, path, first_line, strict)
    if data is None:
        return None, told
    if not strict:
        data, others = _own_keys(data, path, first_line)
        told += others
    model = MODELS.get(str(data.get("tipo")))
    if model is None:
        line = first_line + line_of(node, ("tipo",))
        message = f"«tipo» deve essere uno fra: {', '.join(MODELS)}"
        return None, [Finding(path, line, message, RULE)]
    told += network.weigh(_not_there(data, path, first_line, node))
    read, wrong = validated(model, data, node, path, first_line, network)
    told += wrong
    return (None if has_error(told) else read), told


def read_keys(
    text: str, path: str, first_line: int, strict: bool = True
) -> tuple[dict[str, Any] | None, yaml.Node | None, list[Finding]]:
    """The keys of a front matter and the nodes that know their lines, with what is to be told of
    it: an error when there are no keys. One that is empty is wrong only where `strict`."""
    try:
        data, node = read_yaml(text, path, first_line)
    except UnreadableYaml as error:
        return None, None, [error.finding("intestazione", RULE)]
    if data is None and not strict:
        data = {}
    if not isinstance(data, dict):
        message = "l'intestazione deve essere un elenco di righe «chiave: valore»"
        return None, None, [Finding(path, first_line, message, RULE)]
    return (
        data,
        node,
        [
            Finding(path, first_line + line, _cut(rest), RULE, "warning")
            for line, rest in cut_values(text, node)
        ],
    )


def _cut(rest: str) -> str:
    return (
        f"«{rest:.40}» non si legge, perché # comincia un commento: metti il valore fra virgolette"
    )


def validated(
    model: type[Keys],
    data: dict[str, Any],
    node: yaml.Node | None,
    path: str,
    first_line: int,
    network: Network = NEUTRAL,
) -> tuple[Keys | None, list[Finding]]:
    """`data` as `model`, or a finding for each key that does not fit it."""
    try:
        return model.model_validate(data, context={"network": network}), []
    except ValidationError as error:
        return None, [
            Finding(path, first_line + line_of(node, e["loc"]), message_of(e), RULE)
            for e in error.errors()
        ]


def _own_keys(
    data: Mapping[Any, Any], path: str, line: int
) -> tuple[dict[str, Any], list[Finding]]:
    """What of a front matter is Bussola's, with the kind and the title that others write, and a
    finding that names the rest."""
    known = {"tipo": "scheda"} | dict(data)
    if str(known["tipo"]) not in MODELS:
        known["tipo"] = "scheda"
    if "titolo" not in known and isinstance(known.get("title"), str):
        known["titolo"] = known.pop("title")
    if known["tipo"] != "servizio" and _lower(known.get("stato")) != DRAFT:
        known.pop("stato", None)  # others write there what they like
    own = {key: value for key, value in known.items() if key in MODELS[known["tipo"]].model_fields}
    left = [str(key) for key, value in data.items() if own.get(key) != value and key != "title"]
    if not left:
        return own, []
    shown = ", ".join(left[:SHOWN]) + (" …" if len(left) > SHOWN else "")
    message = f"righe dell'intestazione che Bussola non usa: {shown}"
    return own, [Finding(path, line, message, RULE, "warning")]


def _not_there(
    data: Mapping[str, Any], path: str, first_line: int, node: yaml.Node | None
) -> Iterator[Finding]:
    """The keys that a house requires and a front matter does not have, or has empty."""
    for key in REQUIRED[data["tipo"]]:
        if key not in data:
            yield Finding(path, first_line, f"manca «{key}»", "required")
        elif not data[key]:
            line = first_line + line_of(node, (key,))
            yield Finding(path, line, f"«{key}» è vuoto", "required")
