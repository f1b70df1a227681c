"""The heading of a guide: one pydantic model per kind, errors with their line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from index.finding import Finding

NEEDS = (
    "lavoro", "titoli-di-soggiorno", "documenti", "denaro", "salute", "casa", "lingua-e-scuola",
    "titoli-di-studio", "famiglia", "mobilita", "tutele", "accoglienza", "minori", "ucraina",
    "imprese", "rete",
)  # fmt: skip
AUDIENCES = (
    "tutti", "richiedente", "titolare-protezione", "protezione-speciale", "casi-speciali",
    "protezione-temporanea", "minore-solo", "neomaggiorenne", "altri-permessi", "senza-permesso",
    "impresa", "operatore",
)  # fmt: skip

Need = Literal[NEEDS]  # type: ignore[valid-type]
Audience = Literal[AUDIENCES]  # type: ignore[valid-type]


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
    territorio: Text = "Italia"
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
    text: str, path: str, first_line: int
) -> tuple[FrontMatter | None, list[Finding]]:
    """Validate the YAML `text` whose first line is line `first_line` of `path`.

    Returns the model, or None with the findings that say why.
    """
    loader = yaml.CSafeLoader(text)  # ten times faster than the one in Python
    try:
        node = loader.get_single_node()
        data = loader.construct_document(node) if node else None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return None, [_yaml_finding(error, path, first_line)]
    finally:
        loader.dispose()
    if not isinstance(data, dict):
        message = "l'intestazione deve essere un elenco di righe «chiave: valore»"
        return None, [Finding(path, first_line, message, "front-matter")]
    model = MODELS.get(str(data.get("tipo")))
    if model is None:
        line = first_line + _line_of(node, ("tipo",))
        message = f"«tipo» deve essere uno fra: {', '.join(MODELS)}"
        return None, [Finding(path, line, message, "front-matter")]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [
            Finding(path, first_line + _line_of(node, e["loc"]), _message(e), "front-matter")
            for e in error.errors()
        ]


def _yaml_finding(error: Exception, path: str, first_line: int) -> Finding:
    mark = getattr(error, "problem_mark", None)
    line = first_line + (mark.line if mark else 0)
    hint = "un valore che contiene «:» va fra virgolette"
    return Finding(path, line, f"intestazione non leggibile: {hint}", "front-matter")


def _line_of(node: yaml.Node | None, location: tuple[Any, ...]) -> int:
    """Line, from 0, of the deepest node on the way to `location`."""
    line = 0
    for key in location:
        if isinstance(node, yaml.MappingNode):
            pairs = {k.value: (k, v) for k, v in node.value}
            if key not in pairs:
                break
            line, node = pairs[key][0].start_mark.line, pairs[key][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            if key >= len(node.value):
                break
            node = node.value[key]
            line = node.start_mark.line
    return line


def _message(error: Any) -> str:
    key = ".".join(str(part) for part in error["loc"])
    context = error.get("ctx", {})
    known = {
        "missing": f"manca «{key}»",
        "extra_forbidden": f"chiave sconosciuta «{key}»: controlla come è scritta",
        "literal_error": f"«{key}»: valore non ammesso; scegli fra: {context.get('expected')}",
        "too_short": f"«{key}» è vuoto",
        "string_too_short": f"«{key}» è vuoto",
        "string_too_long": f"«{key}» è troppo lungo",
        "string_type": f"«{key}» deve essere un testo: se è un numero, mettilo fra virgolette",
        "int_type": f"«{key}» deve essere un numero intero",
        "value_error": str(context.get("error", "")),
    }
    kind = error["type"]
    if error["loc"][-1] == "[key]":
        return (
            f"«{error['loc'][0]}»: metti fra virgolette le ancore che senza sarebbero un numero "
            'o un sì e un no ("no", "12")'
        )
    if kind.startswith("date"):
        return f"«{key}» deve essere una data come 2026-11-22"
    if kind == "string_pattern_mismatch":
        return f"«{key}» non ha la forma giusta: {error['input']!s:.60}"
    return known.get(kind) or f"«{key}»: valore non valido"
