"""Service cards from a CSV that a network fills in a spreadsheet.

The columns are told in docs/services.md. A row becomes `servizi/<nome_file>.md`; a row that says
what the card says changes nothing, so importing twice is importing once.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml

from index.check.rules import check_guide
from index.errors import BussolaError
from index.files import replace_file
from index.finding import Finding
from index.guide import FOLDER_OF
from index.network import EVERYBODY, Network
from index.parse.guide_file import CONTACT_LABELS, SLUG, escape_markdown, parse_guide
from index.parse.markdown import slugify
from index.parse.network_folder import read_network
from index.services.table import COLUMNS, front_matter, plain, to_row

FOLDER = FOLDER_OF["servizio"]
REVIEW_DAYS = 180
REQUIRED = ("nome", "descrizione", "bisogni", "fonte", "verificato_il")
Outcome = Literal["created", "changed", "unchanged"]


class ImportRejected(BussolaError):  # noqa: N818 (it reads as what happened)
    """The file has errors: nothing was written."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, findings)))


@dataclass(frozen=True, slots=True)
class Imported:
    """What became, or would become, of one row."""

    path: str
    outcome: Outcome


def import_services(csv_file: Path, guides_dir: Path, dry_run: bool = False) -> list[Imported]:
    """Write a card for each row of `csv_file`, all or none.

    Raises ImportRejected with the line of each problem, BussolaError when the file cannot be read.
    """
    network, told = read_network(guides_dir)
    if told:
        raise ImportRejected(told)
    rows = list(read_rows(csv_file))
    findings: list[Finding] = []
    cards: dict[str, bytes] = {}
    for line, row in rows:
        path, data, problems = _card(row, csv_file.name, line, guides_dir, network)
        if path in cards:
            message = f"«{row.get('nome')}»: un'altra riga scrive già {path}; usa «nome_file»"
            problems.append(Finding(csv_file.name, line, message, "import"))
        findings.extend(problems)
        cards[path] = data
    if findings:
        raise ImportRejected(findings)
    return [_write(guides_dir / path, path, data, dry_run, network) for path, data in cards.items()]


def read_rows(csv_file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and values of each row; comma or semicolon, UTF-8 with or without a mark."""
    try:
        text = csv_file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BussolaError(
            f"{csv_file.name} non è in UTF-8: salvalo come «CSV UTF-8» dal foglio di calcolo"
        ) from None
    except OSError as error:
        raise BussolaError(f"{csv_file.name} non si legge: {error.strerror}") from None
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    _check_columns(csv_file.name, reader.fieldnames or ())
    line = 2
    try:
        for row in reader:
            values = {k: plain((v or "").strip()) for k, v in row.items() if isinstance(k, str)}
            if any(values.values()):
                yield line, values | ({"": "di troppo"} if None in row else {})
            line = reader.line_num + 1
    except csv.Error as error:
        raise BussolaError(f"{csv_file.name}:{line}: la riga non si legge ({error})") from None


def _check_columns(name: str, columns: Iterable[str]) -> None:
    found = {column.strip() for column in columns}
    missing, unknown = set(REQUIRED) - found, found - set(COLUMNS)
    if missing or unknown:
        parts = [f"manca la colonna «{c}»" for c in sorted(missing)]
        parts += [f"colonna sconosciuta «{c}»" for c in sorted(unknown)]
        raise BussolaError(f"{name}:1: {'; '.join(parts)}. Colonne: {', '.join(COLUMNS)}")


def _card(
    row: Mapping[str, str], name: str, line: int, guides_dir: Path, network: Network
) -> tuple[str, bytes, list[Finding]]:
    """Path, bytes and problems of the card of a row, told at the line of the row."""
    slug = row.get("nome_file") or slugify(row.get("nome", ""))[:80].strip("-")
    path = f"{FOLDER}/{slug}.md"
    problems = [f"manca «{column}»" for column in REQUIRED if not row.get(column)]
    if slug and not SLUG.fullmatch(slug):
        problems.append(f"«nome_file»: «{slug:.40}» ha solo lettere minuscole, cifre e trattini")
    if "" in row:
        problems.append("ci sono più valori che colonne: metti fra virgolette i testi con virgole")
    known = network.places
    if row.get("comune") and known.rows and not known.find(row["comune"]):
        problems.append(f"«{row['comune']}» non è fra i {len(known.rows)} comuni di luoghi.csv")
    if not problems:
        data = render_card(row, _text_of(guides_dir / path), known.territory).encode()
        guide, findings = parse_guide(data, path, network)
        told = [*findings, *(check_guide(guide, network=network) if guide else ())]
        problems = [f.message for f in told if f.severity == "error"]
    else:
        data = b""
    return path, data, [Finding(name, line, problem, "import") for problem in problems]


def _text_of(path: Path) -> str:
    """The card that is there, empty when there is none."""
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return ""


def render_card(row: Mapping[str, str], before: str = "", territory: str = "") -> str:
    """The Markdown of a card. Of the card `before` it keeps what a row cannot say: sections after
    the description, keywords, who answers for it, further sources."""
    old = front_matter(before)
    where = old.get("territorio") if old else row.get("comune") or territory
    values = old | _front_matter(row, where or "")
    values["fonti"] += old.get("fonti", [])[1:]
    front = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=10_000)
    text = f"---\n{front}---\n\n# {escape_markdown(row['nome'])}\n\n{row['descrizione']}\n"
    sections = re.search(r"(?m)^## ", before)
    return f"{text}\n{before[sections.start() :].rstrip()}\n" if sections else text


def _front_matter(row: Mapping[str, str], territory: str) -> dict[str, Any]:
    verified = row["verificato_il"]
    values: dict[str, Any] = {
        "titolo": row["nome"],
        "tipo": "servizio",
        "bisogni": _list(row["bisogni"]),
        "per_chi": _list(row.get("per_chi", "")) or [EVERYBODY],
        "territorio": row.get("territorio") or territory or None,
    }
    for key in ("ente", "indirizzo", "comune", "orari", "accesso"):
        values[key] = row.get(key) or None
    for key in ("area", "lingue"):
        values[key] = _list(row.get(key, "")) or None
    contacts = {kind: _list(row.get(kind, "")) for kind in CONTACT_LABELS}
    values["contatti"] = {kind: found for kind, found in contacts.items() if found} or None
    values["stato"] = row.get("stato") or "da verificare"
    values["verificato_il"] = _date(verified)
    values["rivedere_entro"] = _date(row.get("rivedere_entro") or _in_half_a_year(verified))
    source = {"titolo": row["fonte"]} | ({"url": u} if (u := row.get("fonte_url")) else {})
    values["fonti"] = [source]
    return {key: value for key, value in values.items() if value is not None}


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _date(text: str) -> date | str:
    """The date, or the text as it is for the check to tell."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _in_half_a_year(text: str) -> str:
    day = _date(text)
    return (day + timedelta(days=REVIEW_DAYS)).isoformat() if isinstance(day, date) else text


def _write(target: Path, path: str, data: bytes, dry_run: bool, network: Network) -> Imported:
    try:
        before: bytes | None = target.read_bytes()
    except FileNotFoundError:
        before = None
    if before == data or (before is not None and _same_card(before, data, path, network)):
        return Imported(path, "unchanged")
    if not dry_run:
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, data)
    return Imported(path, "created" if before is None else "changed")


def _same_card(before: bytes, after: bytes, path: str, network: Network) -> bool:
    """Whether a card written by hand says the same as the row."""
    old, new = (parse_guide(data, path, network)[0] for data in (before, after))
    return old is not None and new is not None and to_row(old) == to_row(new)
