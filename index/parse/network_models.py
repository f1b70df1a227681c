"""The files of `rete/` as an editor writes them: one pydantic model each."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from index.network import (
    DatedNumber,
    Decision,
    InGuides,
    Level,
    Named,
    Notice,
    Phrases,
    Reform,
    RuleNumber,
    Task,
    Title,
)
from index.phone import phone_problem
from index.phrases import pattern_of


def _phrase(text: str) -> str:
    pattern_of(text)
    return text


def _as_words(value: Any) -> Any:
    return value.split() if isinstance(value, str) else value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"«{name}» non è un fuso orario: scrivilo come Europe/Rome") from None
    return name


Text = Annotated[str, Field(min_length=1, max_length=600)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Phrase = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_phrase)]
ByLanguage = dict[Language, Text]
PhrasesByLanguage = dict[Language, list[Phrase]]
Words = Annotated[list[str], BeforeValidator(_as_words)]
Quantity = Annotated[
    str,
    Field(pattern=r"^\d+([.,]\d+)* (giorn[oi]|mes[ei]|ann[oi]|or[ae]|settiman[ae]|euro)$"),
]


class StrictModel(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _tuples(phrases: dict[str, list[str]]) -> Phrases:
    return {language: tuple(found) for language, found in phrases.items()}


class NamedModel(StrictModel):
    """An item of bisogni.yaml, and of «destinatari» in rete.yaml."""

    id: Id
    nome: ByLanguage = {}

    def made(self) -> Named:
        return Named(self.id, self.nome)


class ReachedModel(StrictModel):
    """«recapiti» in rete.yaml: what is empty is not known yet."""

    sito: Annotated[str, Field(pattern=r"^(https?://\S+)?$", max_length=300)] = ""
    email: Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$", max_length=200)] = ""
    telefono: Annotated[str, Field(max_length=40)] = ""


class HouseModel(StrictModel):
    """rete.yaml"""

    nome: Text
    territorio: Text | None = None
    paese: Text | None = None
    altre_aree: list[Text] = []
    lingua: Language = "it"
    fuso_orario: Annotated[str, AfterValidator(_zone)] = "Europe/Rome"
    telefoni: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "IT"
    fuori_tema: ByLanguage = {}
    recapiti: ReachedModel = ReachedModel()
    motto: Text = ""
    esempi: list[Text] = []
    destinatari: list[NamedModel] = []
    mai_nomi: Words = []
    regole: dict[str, Level] = {}

    @field_validator("recapiti")
    @classmethod
    def _telephone(cls, reached: ReachedModel, info: ValidationInfo) -> ReachedModel:
        country, number = info.data.get("telefoni"), reached.telefono
        problem = phone_problem(number, country) if number and country else None
        if problem:
            raise ValueError(problem)
        return reached


class TitleModel(StrictModel):
    """An item of titoli.yaml"""

    id: Id
    nome: ByLanguage
    in_elenco: ByLanguage = {}
    nelle_guide: Text
    esclude_gli_altri: bool = False
    presume_permesso: bool = True
    frasi: PhrasesByLanguage
    anche: list[Phrase] = []

    def made(self) -> Title:
        return Title(
            id=self.id, person=self.nelle_guide, names=self.nome, listed=self.in_elenco,
            phrases=_tuples(self.frasi), also=tuple(self.anche),
            excludes_others=self.esclude_gli_altri, presumes_permit=self.presume_permesso,
        )  # fmt: skip


class InGuidesModel(StrictModel):
    data: Text
    prima: Phrase
    dal: Phrase
    insieme: Phrase | None = None


class RuleModel(StrictModel):
    prima_della_data: list[Phrase] = []
    dopo_la_data: list[Phrase] = []


class DatedModel(StrictModel):
    numero: Text
    con: list[Phrase] = Field(min_length=1)
    vale_per: Text


class AskedModel(StrictModel):
    chiede: Text
    prima: Text
    dal: Text


class ReformModel(StrictModel):
    """An item of riforme.yaml"""

    id: Id
    giorno: date
    di: Text
    nomi: PhrasesByLanguage = {}
    domanda: PhrasesByLanguage = {}
    materia: PhrasesByLanguage = {}
    non_riguarda: list[Id] = []
    presume_dal: list[Phrase] = []
    nelle_guide: InGuidesModel
    regola: RuleModel = RuleModel()
    nomina_la_regola: list[Phrase] = []
    da_datare: list[DatedModel] = []
    testi: dict[Language, AskedModel] = Field(min_length=1)

    def made(self) -> Reform:
        said = self.nelle_guide
        return Reform(
            id=self.id, day=self.giorno, of=self.di,
            in_guides=InGuides(said.data, said.prima, said.dal, said.insieme or ""),
            names=_tuples(self.nomi), applied=_tuples(self.domanda), matter=_tuples(self.materia),
            settled=frozenset(self.non_riguarda), presumes=tuple(self.presume_dal),
            rule_before=tuple(self.regola.prima_della_data),
            rule_after=tuple(self.regola.dopo_la_data), named_rule=tuple(self.nomina_la_regola),
            dated_numbers=tuple(
                DatedNumber(d.numero, tuple(d.con), d.vale_per) for d in self.da_datare
            ),
            asks={language: t.chiede for language, t in self.testi.items()},
            before={language: t.prima for language, t in self.testi.items()},
            since={language: t.dal for language, t in self.testi.items()},
        )  # fmt: skip


class ElsewhereModel(StrictModel):
    """altrove.yaml"""

    paesi: PhrasesByLanguage = {}
    parla_di_estero: list[Phrase] = []


class LawModel(StrictModel):
    """norme.yaml"""

    citazioni: list[Phrase] = []
    atti: list[Phrase] = []
    atti_con_data: list[Phrase] = []
    sigle: dict[Text, Annotated[str, Field(pattern=r"^\d[\d-]*/\d+$")]] = {}
    scadenze: list[Phrase] = []
    passato: list[Phrase] = []


class DecisionModel(StrictModel):
    """An item of risposte.yaml"""

    domande: list[Text] = Field(min_length=1)
    sezione: Annotated[str, Field(pattern=r"^[a-z0-9-]+#[\w-]+$")] | None = None
    rivolgersi_a: Text | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> DecisionModel:
        if bool(self.sezione) == bool(self.rivolgersi_a):
            raise ValueError("scrivi «sezione» o «rivolgersi_a», uno dei due")
        return self

    def made(self, line: int) -> Decision:
        return Decision(tuple(self.domande), self.sezione or "", self.rivolgersi_a or "", line)


class NoticeModel(StrictModel):
    """An item of avvisi.yaml"""

    testo: Text
    fino_al: date
    guide: list[Text] = []
    bisogni: list[Id] = []

    @model_validator(mode="after")
    def _of_something(self) -> NoticeModel:
        if not self.guide and not self.bisogni:
            raise ValueError("di' di quali «guide» o «bisogni» è l'avviso")
        return self

    def made(self, line: int) -> Notice:
        return Notice(self.testo, self.fino_al, tuple(self.guide), tuple(self.bisogni), line)


class TaskModel(StrictModel):
    """An item of compiti.yaml"""

    id: Id
    guide: list[Annotated[str, Field(pattern=r"^[a-z0-9-]+(#[\w-]+)?$")]] = Field(min_length=1)

    def made(self, line: int) -> Task:
        return Task(self.id, tuple(self.guide), line)


class NumberModel(StrictModel):
    """An item of numeri.yaml"""

    id: Id
    parole: list[Phrase] = Field(min_length=1)
    senza: list[Phrase] = []
    numero: Quantity

    def made(self) -> RuleNumber:
        return RuleNumber(self.id, self.numero, tuple(self.parole), tuple(self.senza))


SynonymsModel = Annotated[list[Phrase], Field(min_length=2)]  # a group of sinonimi.yaml
