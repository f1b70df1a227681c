"""Service cards from a table that a network fills in a spreadsheet.

The columns are told in docs/services.md. A row becomes `servizi/<nome_file>.md`; a row that says
what the card says changes nothing, so importing twice is importing once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
from index.parse.frontmatter import NAME
from index.parse.guide_file import CONTACT_LABELS, escape_markdown, parse_guide
from index.parse.markdown import slugify
from index.parse.network_folder import read_network
from index.places import Places
from index.services.cells import DATES, iso_day, spoilt
from index.services.spreadsheet import read_table
from index.services.table import COLUMNS, front_matter, to_row

FOLDER = FOLDER_OF["servizio"]
REVIEW_DAYS = 180
_LINE_END = re.compile(r"\s*[\r\n]\s*")
PARAGRAPHS = ("descrizione", "")
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


def import_services(file: Path, guides_dir: Path, dry_run: bool = False) -> list[Imported]:
    """Write a card for each row of `file`, CSV or XLSX, all or none.

    Raises ImportRejected with the line of each problem, BussolaError when the file cannot be read.
    """
    network, told = read_network(guides_dir)
    if told:
        raise ImportRejected(told)
    findings: list[Finding] = []
    cards: dict[str, bytes] = {}
    for line, cells in read_table(file, COLUMNS, REQUIRED):
        row = _as_written_here(cells, network.places)
        path, data, problems = _card(row, file.name, line, guides_dir, network)
        if path in cards:
            message = f"«{row.get('nome')}»: un'altra riga scrive già {path}; usa «nome_file»"
            problems.append(Finding(file.name, line, message, "import"))
        findings.extend(problems)
        cards[path] = data
    if findings:
        raise ImportRejected(findings)
    return [_write(guides_dir / path, path, data, dry_run, network) for path, data in cards.items()]


def _card(
    row: Mapping[str, str], name: str, line: int, guides_dir: Path, network: Network
) -> tuple[str, bytes, list[Finding]]:
    """Path, bytes and problems of the card of a row, told at the line of the row."""
    slug = row.get("nome_file") or slugify(row.get("nome", ""))[:80].strip("-")
    path = f"{FOLDER}/{slug}.md"
    problems = [f"manca «{column}»" for column in REQUIRED if not row.get(column)]
    if slug and not NAME.fullmatch(slug):
        problems.append(f"«nome_file»: «{slug:.40}» ha solo lettere minuscole, cifre e trattini")
    if "" in row:
        problems.append(f"«{row['']:.60}» non sta sotto nessuna colonna: dalle un nome, o metti "
                        "fra virgolette i testi con virgole")  # fmt: skip
    problems += [*spoilt(row, network), *_unknown_town(row.get("comune", ""), network.places)]
    if not problems:
        data = render_card(row, _text_of(guides_dir / path), network.places.territory).encode()
        guide, findings = parse_guide(data, path, network)
        told = [*findings, *(check_guide(guide, network=network) if guide else ())]
        problems = [f.message for f in told if f.severity == "error"]
    else:
        data = b""
    return path, data, [Finding(name, line, problem, "import") for problem in problems]


def _as_written_here(cells: Mapping[str, str], places: Places) -> dict[str, str]:
    """The cells of a row with days and places as the guides write them, each on one line but for
    the paragraphs of its description."""
    row = {c: cell if c in PARAGRAPHS else _LINE_END.sub(" ", cell) for c, cell in cells.items()}
    row |= {column: iso_day(row[column]) for column in DATES if column in row}
    for column in ("comune", "territorio", "area"):
        parts = (_place(name, places) for name in _list(row.get(column, "")))
        if column in row:
            row[column] = "; ".join(parts)
    return row


def _place(name: str, places: Places) -> str:
    called = None if places.has(name) else places.called(name)
    return called.name if called else name


def _unknown_town(name: str, places: Places) -> Iterator[str]:
    if name and places.rows and not places.find(name):
        near = places.nearest(name)
        meant = f", forse «{near}»?" if near else ""
        yield f"«{name}» non è fra i {len(places.rows)} comuni di luoghi.csv{meant}"


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
