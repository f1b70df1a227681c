"""The heading of a guide: one pydantic model per kind, errors with their line."""

from __future__ import annotations

from collections.abc import Mapping
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

from index.finding import Finding
from index.network import NEUTRAL, Network
from index.parse.yaml_lines import UnreadableYaml, line_of, message_of, read_yaml

RULE = "front-matter"
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
Audience = Annotated[str, AfterValidator(lambda v, info: _known(v, _network(info).audiences))]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Text = Annotated[str, Field(min_length=1, max_length=500)]
Texts = Annotated[list[Text], BeforeValidator(_as_list)]
MAX_ASKED = 200  # characters of a question that leads to a section
Question = Annotated[str, Field(min_length=1, max_length=MAX_ASKED)]
Questions = Annotated[list[Question], BeforeValidator(_as_list)]


class SourceModel(BaseModel):
    model_config = ConfigDict(extra="forbid")
    titolo: Text
    url: Annotated[str, Field(pattern=r"^https?://[^\s…]+$")] | None = None


class FrontMatter(BaseModel):
    """What every guide has."""

    model_config = ConfigDict(extra="forbid")
    titolo: Text
    tipo: str
    verificato_il: date
    rivedere_entro: date
    territorio: Text | None = None
    responsabile: str = ""
    fonti: list[SourceModel] = Field(min_length=1)
    valido_dal: date | None = None
    valido_fino: date | None = None
    parole_chiave: Texts = []
    bisogni: list[Need] = []
    per_chi: list[Audience] = []
    domande: dict[str, Questions] = {}

    @model_validator(mode="after")
    def _dates_in_order(self) -> FrontMatter:
        if self.rivedere_entro <= self.verificato_il:
            raise ValueError("«rivedere_entro» deve venire dopo «verificato_il»")
        if self.valido_dal and self.valido_fino and self.valido_fino < self.valido_dal:
            raise ValueError("«valido_fino» viene prima di «valido_dal»")
        return self


class WithNeeds(FrontMatter):
    bisogni: list[Need] = Field(min_length=1)
    per_chi: list[Audience] = Field(min_length=1)


class Sheet(WithNeeds):
    tipo: Literal["scheda"]
    responsabile: Text


class Script(WithNeeds):
    tipo: Literal["copione"]
    responsabile: Text
    durata_minuti: Annotated[int, Field(strict=True, ge=1, le=240)]


class Contacts(BaseModel):
    model_config = ConfigDict(extra="forbid")
    telefono: Texts = []
    email: Texts = []
    pec: Texts = []
    sito: Texts = []
    whatsapp: Texts = []


class ServiceCard(WithNeeds):
    tipo: Literal["servizio"]
    stato: Literal["verificato", "da verificare"]
    ente: Text | None = None
    indirizzo: Text | None = None
    comune: Text | None = None
    area: Texts = []
    orari: Text | None = None
    lingue: Texts = []
    accesso: Text | None = None
    contatti: Contacts = Contacts()


class NumberModel(BaseModel):
    model_config = ConfigDict(extra="forbid")
    numero: Annotated[str, Field(pattern=r"^[+\d][\d ]{2,}$")]
    nome: Text


class Emergency(WithNeeds):
    tipo: Literal["emergenza"]
    responsabile: Text
    numeri: list[NumberModel] = Field(min_length=1)
    segnali: Texts = Field(min_length=1)


class Glossary(FrontMatter):
    tipo: Literal["glossario"]
    responsabile: Text


MODELS: Mapping[str, type[FrontMatter]] = {
    "scheda": Sheet,
    "copione": Script,
    "servizio": ServiceCard,
    "emergenza": Emergency,
    "glossario": Glossary,
}


def read_front_matter(
    text: str, path: str, first_line: int, network: Network = NEUTRAL
) -> tuple[FrontMatter | None, list[Finding]]:
    """Validate the YAML `text` whose first line is line `first_line` of `path`, for a network:
    what it lists as needs and titles is all there may be.

    Returns the model, or None with the findings that say why.
    """
    data, node, findings = read_keys(text, path, first_line)
    if data is None:
        return None, findings
    model = MODELS.get(str(data.get("tipo")))
    if model is None:
        line = first_line + line_of(node, ("tipo",))
        message = f"«tipo» deve essere uno fra: {', '.join(MODELS)}"
        return None, [Finding(path, line, message, RULE)]
    return validated(model, data, node, path, first_line, network)


def read_keys(
    text: str, path: str, first_line: int
) -> tuple[dict[str, Any] | None, yaml.Node | None, list[Finding]]:
    """The keys of a front matter and the nodes that know their lines, or what is wrong."""
    try:
        data, node = read_yaml(text, path, first_line)
    except UnreadableYaml as error:
        return None, None, [error.finding("intestazione", RULE)]
    if not isinstance(data, dict):
        message = "l'intestazione deve essere un elenco di righe «chiave: valore»"
        return None, None, [Finding(path, first_line, message, RULE)]
    return data, node, []


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
