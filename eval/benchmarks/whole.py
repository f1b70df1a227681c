"""Every collection asked, each in its own way: the rows that the report opens with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from chatbot.answer import OUTCOME_WORDS, Answer
from chatbot.bot import Bot
from chatbot.question import Question
from eval.beir import read_jsonl
from eval.collections.ask import ask
from eval.collections.attacks import ask_attacks
from eval.collections.item import Item, read_collection
from eval.collections.measured import Measured, Row
from eval.collections.register import Collection
from eval.collections.score import GIVEN, Score, score
from eval.fitting.danger import read_dangers, signs_of
from eval.fitting.follows import read_pairs
from index.publish.build import build
from index.publish.snapshot import Snapshot, load_current

Progress = Callable[[str, int, int], None]
LONG = 40  # words from which a message is a long one
SHOWN = 600  # characters of an answer that are kept
NO_NEED = "le guide non rispondono"
Rows = tuple[Row, ...]


def measure(collection: Collection, bot: Bot, snapshot: Snapshot, progress: Progress) -> Measured:
    """Ask a collection of the bot as it is served. Raises DataError. Of one that is a proof no
    text is kept: whoever measures must not read it by the way."""
    tell = partial(progress, collection.title.lower())
    match collection.kind:
        case "domande" | "guide-di-altri":
            rows = ask_items(read_collection(collection.path), bot, snapshot, tell)
        case "pericoli":
            rows = dangers(collection.path, bot, snapshot)
        case "seguiti":
            rows = followups(collection.path, bot, snapshot)
        case "cortesie":
            rows = courtesies(collection.path, bot, snapshot)
        case "attacchi":
            rows = ask_attacks(collection.path, bot, snapshot, tell)
    if collection.proves:
        rows = tuple(row.model_copy(update={"question": "", "answer": ""}) for row in rows)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Measured(collection=collection, snapshot=snapshot.id, at=now, rows=rows)


def measure_foreign(collection: Collection, served: Bot, var: Path, progress: Progress) -> Measured:
    """The same of guides that are not those published: built in `var`, with no network of ours."""
    assert collection.guides is not None
    encoder, reader = served.encoder, served.reader
    build(collection.guides, var, encoder, progress=lambda done, n: progress("passaggi", done, n))
    snapshot, bot = load_current(var), Bot(encoder, reader=reader)
    bot.prepare(snapshot)
    return measure(collection, bot, snapshot, progress)


def ask_items(
    items: Sequence[Item], bot: Bot, snapshot: Snapshot, tell: Callable[[int, int], None]
) -> Rows:
    """A row for each question of people."""
    rows = []
    for done, item in enumerate(items, start=1):
        answer = ask(item, bot, snapshot)
        found = [f"{hit.passage.guide}#{hit.passage.anchor}" for hit in answer.hits]
        rows.append(row_of(score(item, answer, found), answer, snapshot))
        tell(done, len(items))
    return tuple(rows)


def row_of(scored: Score, answer: Answer, snapshot: Snapshot) -> Row:
    """What one question came to. `right` is over all: a right answer, a right silence, a card
    that was due."""
    item = scored.item
    values = {"right": float(scored.right)}
    if item.answerable:
        values["answered_right"] = float(scored.right)
        values["some"] = float(scored.some)
        values["silent"] = float(not scored.given)
        values["first_three"] = float(scored.rank is not None and scored.rank < 3)
    elif item.wanted == "abstain" and not item.injected:
        values["rightly_silent"] = float(scored.right)
    elif item.wanted == "emergency":
        values["card"] = float(scored.right)
    if answer.outcome in GIVEN and not item.injected and item.wanted != "emergency":
        values["wrong_given"] = float(scored.wrong)
        if scored.sure:
            values["wrong_sure"] = float(scored.wrong)
    groups = {
        "lingua": item.language,
        "lunghezza": _length(item.turns[-1]),
        "chi chiede": item.asker,
        "bisogno": _need(item, snapshot),
        "origine": item.origin,
    }
    return Row(
        id=item.id, values=values, groups={name: group for name, group in groups.items() if group},
        question=" / ".join(item.turns), outcome=OUTCOME_WORDS[answer.outcome],
        answer=answer.answer[:SHOWN],
    )  # fmt: skip


def dangers(path: Path, bot: Bot, snapshot: Snapshot) -> Rows:
    """A row for each situation: whether a danger was seen, whether a calm sentence took a card."""
    situations = read_dangers(path)
    guard = bot.prepare(snapshot).guard
    shown = [guard.danger(signs, bot.weights) for signs in signs_of(situations, snapshot, bot)]
    return tuple(
        Row(
            id=s.id, values={"found" if s.danger else "alarm": float(card)},
            groups={"lingua": s.language, "tipo": s.kind, "lunghezza": _length(s.text)},
            question=s.text, outcome="emergenza" if card else "nessuna carta",
        )
        for s, card in zip(situations, shown, strict=True)
    )  # fmt: skip


def followups(path: Path, bot: Bot, snapshot: Snapshot) -> Rows:
    """A row for each pair of turns: whether it was told apart."""
    follows = bot.prepare(snapshot).follows
    rows = zip(read_jsonl(path, ("id", "turns", "follow")), read_pairs(path), strict=True)
    return tuple(
        Row(
            id=str(row["id"]), values={"told": float(told == pair.follows)},
            groups={"lingua": str(row.get("lang", "")), "tipo": _kind(pair.follows)},
            question=f"{pair.topic} / {pair.text}", outcome=_kind(told),
        )
        for row, pair in rows
        for told in [bool(follows(pair.topic, pair.text))]
    )  # fmt: skip


def courtesies(path: Path, bot: Bot, snapshot: Snapshot) -> Rows:
    """A row for each message: whether a courtesy was seen, whether a question was taken for one."""
    return tuple(
        Row(
            id=str(row["id"]),
            values={"courtesy" if row["smalltalk"] else "swallowed": float(told)},
            groups={"lingua": str(row.get("lang", ""))}, question=str(row["text"]),
            outcome="cortesia" if told else "domanda",
        )
        for row in read_jsonl(path, ("id", "text", "smalltalk"))
        for told in [bot.is_talk(Question(str(row["text"])), snapshot)]
    )  # fmt: skip


def _kind(follows: bool) -> str:
    return "continua" if follows else "domanda nuova"


def _length(text: str) -> str:
    return f"oltre {LONG} parole" if len(text.split()) > LONG else f"fino a {LONG} parole"


def _need(item: Item, snapshot: Snapshot) -> str:
    """The need that the guides which answer are most about; "" where needs are not told."""
    if not any(guide.needs for guide in snapshot.guides.values()):
        return ""
    slugs = sorted({section.partition("#")[0] for section in item.gold})
    needs = [need for slug in slugs for need in _needs(slug, snapshot)]
    return max(needs, key=needs.count) if needs else NO_NEED


def _needs(slug: str, snapshot: Snapshot) -> Iterable[str]:
    guide = snapshot.guides.get(slug)
    return guide.needs if guide else ()
