"""The folder `rete/` of the guides: every file read, every problem told with its line."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index.finding import Finding
from index.letters import fold
from index.network import HOUSE_RULES, NEUTRAL, Network, Reform, Title
from index.parse.network_models import (
    DecisionModel,
    ElsewhereModel,
    HouseModel,
    LawModel,
    NamedModel,
    NoticeModel,
    NumberModel,
    ReformModel,
    SynonymsModel,
    TaskModel,
    TitleModel,
)
from index.parse.source import read_text
from index.parse.yaml_lines import UnreadableYaml, line_of, message_of, read_yaml
from index.places import Municipality, Places

FOLDER = "rete"
RULE = "network"
PLACES, NOT_PEOPLE = "luoghi.csv", "non-persone.txt"
FILES: Mapping[str, tuple[TypeAdapter[Any], Any]] = {  # and what each is where it is not there
    "rete.yaml": (TypeAdapter(HouseModel), HouseModel(nome="-")),
    "titoli.yaml": (TypeAdapter(list[TitleModel]), []),
    "riforme.yaml": (TypeAdapter(list[ReformModel]), []),
    "bisogni.yaml": (TypeAdapter(list[NamedModel]), []),
    "compiti.yaml": (TypeAdapter(list[TaskModel]), []),
    "altrove.yaml": (TypeAdapter(ElsewhereModel), ElsewhereModel()),
    "norme.yaml": (TypeAdapter(LawModel), LawModel()),
    "numeri.yaml": (TypeAdapter(list[NumberModel]), []),
    "sinonimi.yaml": (TypeAdapter(list[SynonymsModel]), []),
    "risposte.yaml": (TypeAdapter(list[DecisionModel]), []),
    "avvisi.yaml": (TypeAdapter(list[NoticeModel]), []),
}


def read_network(guides_dir: Path, known: Network | None = None) -> tuple[Network, list[Finding]]:
    """The network of a folder of guides, and what is wrong with its files; the neutral one where
    there is no `rete/`, or where something is wrong. The one `known`, where the files are those
    that it was read from."""
    texts, findings = _texts(guides_dir / FOLDER)
    if not texts and not findings:
        return NEUTRAL, []
    if known and not findings and known.digest == _digest(texts):
        return known, []
    read: dict[str, Any] = {}
    nodes: dict[str, Any] = {}
    for name, (model, nothing) in FILES.items():
        read[name], nodes[name], told = _read(name, texts.get(name), model, nothing)
        findings += told
    rows, told = read_places(texts.get(PLACES, ""), f"{FOLDER}/{PLACES}")
    findings += told
    if not findings:
        findings += _agreement(read, nodes)
    if findings:
        return NEUTRAL, findings
    return _made(read, rows, texts, nodes), []


def _texts(folder: Path) -> tuple[dict[str, str], list[Finding]]:
    texts: dict[str, str] = {}
    findings = []
    for name in (*FILES, PLACES, NOT_PEOPLE):
        path = f"{FOLDER}/{name}"
        try:
            texts[name], told = read_text((folder / name).read_bytes(), path)
            findings += [finding for finding in told if finding.severity == "error"]
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            findings.append(Finding(path, 1, f"il file non si legge: {error.strerror}", RULE))
    return texts, findings


def _read(
    name: str, text: str | None, model: TypeAdapter[Any], nothing: Any
) -> tuple[Any, Any, list[Finding]]:
    """What a file says, the nodes that know its lines, and what is wrong with it."""
    path = f"{FOLDER}/{name}"
    if text is None:
        return nothing, None, []
    try:
        data, node = read_yaml(text, path)
    except UnreadableYaml as error:
        return nothing, None, [error.finding("file", RULE)]
    if data is None:
        return nothing, None, []
    try:
        return model.validate_python(data), node, []
    except ValidationError as error:
        told = [Finding(path, 1 + line_of(node, e["loc"]), message_of(e), RULE)
                for e in error.errors()]  # fmt: skip
        return nothing, node, told


def _agreement(read: Mapping[str, Any], nodes: Mapping[str, Any]) -> Iterator[Finding]:
    """What one file alone does not show: names twice, names of nothing."""
    house, titles = read["rete.yaml"], read["titoli.yaml"]
    others = [("rete.yaml", ("destinatari", n), a.id) for n, a in enumerate(house.destinatari)]
    lists = (
        [*others, *(("titoli.yaml", (n,), title.id) for n, title in enumerate(titles))],
        [("bisogni.yaml", (n,), need.id) for n, need in enumerate(read["bisogni.yaml"])],
        [("compiti.yaml", (n,), task.id) for n, task in enumerate(read["compiti.yaml"])],
        [("riforme.yaml", (n,), reform.id) for n, reform in enumerate(read["riforme.yaml"])],
        [("numeri.yaml", (n,), number.id) for n, number in enumerate(read["numeri.yaml"])],
    )
    for items in lists:
        yield from _twice(items, nodes)
    known = {title.id for title in titles}
    for n, reform in enumerate(read["riforme.yaml"]):
        for m, title in enumerate(reform.non_riguarda):
            if title not in known:
                message = f"«{title}» non è fra i titoli di titoli.yaml: correggilo o aggiungilo"
                yield _at("riforme.yaml", nodes, (n, "non_riguarda", m), message)
    needs = {need.id for need in read["bisogni.yaml"]}
    for n, notice in enumerate(read["avvisi.yaml"]):
        for m, need in enumerate(notice.bisogni):
            if need not in needs:
                message = f"«{need}» non è fra i bisogni di bisogni.yaml: correggilo"
                yield _at("avvisi.yaml", nodes, (n, "bisogni", m), message)
    for rule in house.regole:
        if rule not in HOUSE_RULES:
            message = f"«{rule}» non è una regola della casa; scegli fra: {', '.join(HOUSE_RULES)}"
            yield _at("rete.yaml", nodes, ("regole", rule), message)


def _twice(
    items: Iterable[tuple[str, tuple[Any, ...], str]], nodes: Mapping[str, Any]
) -> Iterator[Finding]:
    met: set[str] = set()
    for file, where, name in items:
        if name in met:
            yield _at(file, nodes, (*where, "id"), f"«{name}» c'è già: scegli un altro «id»")
        met.add(name)


def _at(file: str, nodes: Mapping[str, Any], where: tuple[Any, ...], message: str) -> Finding:
    return Finding(f"{FOLDER}/{file}", 1 + line_of(nodes[file], where), message, RULE)


def read_places(text: str, path: str) -> tuple[tuple[Municipality, ...], list[Finding]]:
    """Municipalities from CSV: «nome» and «provincia»; «istat», «lat_centroide», «lon_centroide»,
    «popolazione_2011» and «altri_nomi», divided by semicolons, where they are known."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows, findings = [], []
    try:
        missing = {"nome", "provincia"} - set(reader.fieldnames or ())
        if text and missing:
            names = ", ".join(f"«{name}»" for name in sorted(missing))
            return (), [Finding(path, 1, f"manca la colonna {names}", RULE)]
        for row in reader:
            try:
                rows.append(_municipality(row))
            except ValueError as error:
                findings.append(Finding(path, reader.line_num, str(error), RULE))
    except csv.Error as error:
        line = max(1, reader.line_num)  # 0 of the first, which was never read whole
        findings.append(Finding(path, line, f"la riga non si legge ({error})", RULE))
    return tuple(rows), findings


def _municipality(row: Mapping[str, str]) -> Municipality:
    if not row["nome"] or not row["provincia"]:
        raise ValueError("ogni riga ha «nome» e «provincia»: scrivili tutti e due")
    latitude, longitude = row.get("lat_centroide"), row.get("lon_centroide")
    try:
        centre = (float(latitude), float(longitude)) if latitude and longitude else None
        population = int(row.get("popolazione_2011") or 0)
    except ValueError:
        raise ValueError(f"«{row['nome']}»: coordinate e popolazione sono numeri") from None
    also = tuple(n.strip() for n in (row.get("altri_nomi") or "").split(";") if n.strip())
    code = row.get("istat") or ""
    return Municipality(row["nome"], row["provincia"], code, centre, population, also)


def _made(
    read: Mapping[str, Any],
    rows: tuple[Municipality, ...],
    texts: Mapping[str, str],
    nodes: Mapping[str, Any],
) -> Network:
    house: HouseModel = read["rete.yaml"]
    elsewhere: ElsewhereModel = read["altrove.yaml"]
    law: LawModel = read["norme.yaml"]
    titles: tuple[Title, ...] = tuple(title.made() for title in read["titoli.yaml"])
    reforms: tuple[Reform, ...] = tuple(reform.made() for reform in read["riforme.yaml"])
    return Network(
        name=house.nome,
        digest=_digest(texts),
        language=house.lingua,
        time_zone=house.fuso_orario,
        phone_country=house.telefoni,
        places=Places(house.territorio or "", house.paese or "", tuple(house.altre_aree), rows),
        titles=titles,
        reforms=tuple(sorted(reforms, key=lambda reform: reform.day, reverse=True)),
        needs=tuple(need.made() for need in read["bisogni.yaml"]),
        others=tuple(other.made() for other in house.destinatari),
        abroad=tuple(phrase for found in elsewhere.paesi.values() for phrase in found),
        of_abroad=tuple(elsewhere.parla_di_estero),
        legal_references=tuple(law.citazioni),
        acts=tuple(law.atti),
        dated_acts=tuple(law.atti_con_data),
        short_names=law.sigle,
        deadlines=tuple(law.scadenze),
        bygone=tuple(law.passato),
        numbers=tuple(number.made() for number in read["numeri.yaml"]),
        never_names=frozenset(map(fold, house.mai_nomi)),
        not_people=frozenset(map(fold, _words(texts.get(NOT_PEOPLE, "")))),
        out_of_scope=house.fuori_tema,
        reached_at={kind: value for kind, value in house.recapiti.model_dump().items() if value},
        motto=house.motto,
        examples=tuple(house.esempi),
        synonyms=tuple(tuple(group) for group in read["sinonimi.yaml"]),
        levels=house.regole,
        decisions=tuple(_with_lines("risposte.yaml", read, nodes)),
        notices=tuple(_with_lines("avvisi.yaml", read, nodes)),
        tasks=tuple(_with_lines("compiti.yaml", read, nodes)),
    )


def _with_lines(file: str, read: Mapping[str, Any], nodes: Mapping[str, Any]) -> Iterator[Any]:
    for n, item in enumerate(read[file]):
        yield item.made(1 + line_of(nodes[file], (n,)))


def _words(text: str) -> Iterator[str]:
    """The words of a text, its comments (`# …`) left out."""
    for line in text.split("\n"):
        yield from line.partition("#")[0].split()


def _digest(texts: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(f"{name}\0{texts[name]}\0".encode())
    return digest.hexdigest()
