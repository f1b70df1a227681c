"""What one run found: results per case, kept as one JSON file that later runs compare with."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, ValidationError

from chatbot.answer import Answer, Outcome
from eval.suite.case import Case
from index.errors import BussolaError

Verdict = Literal["right", "incomplete", "beside", "wrong", "missed", "other"]
VERDICT_WORDS: dict[Verdict, str] = {
    "right": "giusta",
    "incomplete": "incompleta",
    "beside": "frase sbagliata",
    "wrong": "sbagliata",
    "missed": "mancata",
    "other": "altro esito",
}

SHOWN = 240  # characters of a passage that are kept: its beginning, to recognise it


class RunError(BussolaError):
    """A run that cannot be read."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Found(_Frozen):
    """One passage of the ranking, with its score at every stage (None where a stage is off)."""

    section: str  # guide#anchor
    heading: str
    text: str  # its beginning
    lexical: float | None
    dense: float | None
    late: float | None
    fused: float


class Cited(_Frozen):
    """One citation of the answer."""

    n: int
    section: str
    heading: str
    quote: str


class Result(_Frozen):
    """One case, what the bot said and how it was judged; a score that does not apply is None."""

    case: Case
    kind: str  # kind of the guide that should answer; "" when none should
    language: str
    outcome: Outcome
    answer: str
    confidence: float
    hits: tuple[Found, ...]
    citations: tuple[Cited, ...]
    scores: dict[str, float | None]
    verdict: Verdict
    problems: tuple[str, ...]
    total_ms: float
    reasons: tuple[str, ...] = ()  # why the answer is what it is

    @property
    def passed(self) -> bool:
        return self.verdict == "right"


class Run(_Frozen):
    """`digest` names the set of cases, `variant` their transformation ("" for the originals)."""

    id: str
    created: str
    snapshot: str
    digest: str
    seed: int
    variant: str = ""
    drops: tuple[dict[str, Any], ...] = ()  # what transformed questions cost, when they were asked
    dead: tuple[str, ...] = ()  # passages that cases name and the guides do not have
    results: tuple[Result, ...]

    def save(self, folder: Path) -> Path:
        """Write `folder/<id>.json` and return its path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.id}.json"
        path.write_text(self.model_dump_json(by_alias=True, indent=1), encoding="utf-8")
        return path

    @classmethod
    def load(cls, path: Path) -> Run:
        """Read a run back. Raises RunError, naming the file, when it is not one."""
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise RunError(f"{path}: non è una prova leggibile ({type(error).__name__})") from error


def find_run(name: str, folder: Path) -> Run:
    """A run by path, by id, or by the words `ultima` and `penultima`. Raises RunError."""
    if Path(name).is_file():
        return Run.load(Path(name))
    saved = sorted(folder.glob("*.json"))
    back = {"ultima": 1, "penultima": 2}.get(name)
    if back:
        if len(saved) < back:
            raise RunError(f"non ci sono abbastanza prove in {folder}: prima «bussola eval run»")
        return Run.load(saved[-back])
    return Run.load(folder / f"{name}.json")


def found_hits(answer: Answer) -> tuple[Found, ...]:
    """The ranking of an answer, as it is kept."""
    return tuple(
        Found(
            section=f"{hit.passage.guide}#{hit.passage.anchor}",
            heading=" › ".join(hit.passage.heading_path),
            text=hit.passage.text[:SHOWN],
            lexical=_number(hit.lexical),
            dense=_number(hit.dense),
            late=_number(hit.late),
            fused=float(hit.fused),
        )
        for hit in answer.hits
    )


def found_citations(answer: Answer) -> tuple[Cited, ...]:
    """The citations of an answer, each with the section that its link points to."""
    return tuple(
        Cited(
            n=citation.n,
            section=f"{citation.guide}#{unquote(citation.url.partition('#')[2])}",
            heading=" › ".join((citation.title, *citation.heading_path)),
            quote=citation.quote,
        )
        for citation in answer.citations
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
