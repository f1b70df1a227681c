"""The numbers that serve are fitted on labelled questions, one group after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from made_snapshots import WEIGHTS, asked, sheet_of, snapshot_of, weights

from chatbot.find.match import SIGNS
from chatbot.judge.consult import consult
from chatbot.judge.judgement import ANSWER_SIGNS
from chatbot.read.evidence import UNIT_SIGNS, read
from chatbot.weights import Weights
from eval.collections.item import Item, Part
from eval.fitting.examples import (
    Example,
    examples_of_corpus,
    examples_of_items,
    name_of,
    unasked,
)
from eval.fitting.fit import (
    Table,
    cross_ranks,
    fit,
    fit_answers,
    fit_passages,
    fit_units,
    shares,
    tables_of,
)
from index.precedent import Precedent
from index.publish.snapshot import Snapshot

TOP = 12
HEADING = SIGNS.index("heading")


def tables(source: str, count: int, seed: int, told: str = "heading") -> list[Table]:
    """Questions whose right passage stands out by one sign, in noise."""
    random = np.random.default_rng(seed)
    found = []
    for n in range(count):
        signs = random.normal(size=(TOP, len(SIGNS)))
        right = np.arange(TOP) == n % TOP
        signs[right, SIGNS.index(told)] += 4
        found.append(Table(source, f"{source}{n}", signs, right))
    return found


def test_the_sign_that_tells_gets_the_weight() -> None:
    """And the passages it tells come first, on questions left out of the fit too."""
    made = [*tables("casi", 40, 1), *tables("corpus", 40, 2)]
    found = fit_passages(made)
    others = np.delete(found, HEADING)
    assert found[HEADING] > 3 * np.abs(others).max()
    told = shares(made, cross_ranks(made))
    assert list(told) == ["casi", "corpus"]
    assert all(figures["n"] == 40 and figures["R@1"] > 0.85 for figures in told.values())
    assert all(figures["R@3"] >= figures["R@1"] for figures in told.values())


def test_every_source_counts_alike() -> None:
    """A large corpus does not drown a small collection that says otherwise."""
    made = [*tables("corpus", 200, 3, "led"), *tables("casi", 20, 4, "heading")]
    found = fit_passages(made)
    assert found[HEADING] > 0.4 * found[SIGNS.index("led")] > 0


def test_a_sign_that_never_varies_weighs_what_it_did() -> None:
    """Nothing is divided by nothing."""
    made = [replace(t, signs=np.where(np.arange(len(SIGNS)) == 3, 0.0, t.signs))
            for t in tables("casi", 20, 5)]  # fmt: skip
    assert np.isfinite(fit_passages(made)).all()


def test_the_rank_is_that_of_the_first_right_passage() -> None:
    """What is not found has none."""
    signs = np.zeros((3, len(SIGNS)))
    signs[:, HEADING] = [1.0, 3.0, 2.0]
    table = Table("casi", "1", signs, np.array([True, False, True]))
    assert table.rank(np.eye(len(SIGNS))[HEADING]) == 1
    assert table.rank(-np.eye(len(SIGNS))[HEADING]) == 0
    assert replace(table, right=np.zeros(3, dtype=bool)).rank(np.ones(len(SIGNS))) is None


def test_shares_by_hand() -> None:
    """First, among three, not found."""
    made = tables("casi", 4, 6)
    assert shares(made, [0, 2, 3, None]) == {"casi": {"n": 4, "R@1": 0.25, "R@3": 0.5}}


THINGS = (
    "patente", "tessera", "residenza", "tirocinio", "diploma", "passaporto", "alloggio", "mensa",
    "pensione", "vaccino", "biciclette", "asilo",
)  # fmt: skip
SNAPSHOT = snapshot_of([
    sheet_of(
        thing,
        thing.title(),
        f"## Come si chiede? {{#come}}\n\nOgni ufficio ha i suoi orari e i suoi moduli. "
        f"Per avere {thing} serve il modulo {n + 100}.\n\n"
        f"## E dopo? {{#dopo}}\n\nChi ha avuto {thing} torna fra un anno.\n",
    )
    for n, thing in enumerate(THINGS)
])  # fmt: skip


def examples() -> list[Example]:
    """A question on each thing, which its first section answers with its second sentence; and one
    on something else, which none does."""
    made = []
    for n, thing in enumerate(THINGS):
        query, vectors = asked(f"Con quale modulo si può avere {thing}?", SNAPSHOT)
        unit = f"Per avere {thing} serve il modulo {n + 100}."
        gold, units = frozenset({f"{thing}#come"}), frozenset({unit})
        made.append(Example("casi", thing, query, vectors, SNAPSHOT, (gold,), (units,)))
        query, vectors = asked(f"Dove compro un violino di marca {thing[:3]}x?", SNAPSHOT)
        nothing: frozenset[str] = frozenset()
        made.append(Example("casi", f"no {n}", query, vectors, SNAPSHOT, (nothing,), (nothing,)))
    return made


@pytest.fixture(scope="module")
def fitted() -> Weights:
    """All groups, from weights that know nothing."""
    blank = weights("passages", dense=0.1)
    return fit(examples(), replace(blank, groups={**blank.groups, "units": {}, "answers": {}}),
               lambda line: None)  # fmt: skip


def test_what_is_fitted_ranks_reads_and_judges(fitted: Weights) -> None:
    """With it the bot answers each of its questions with the labelled sentence, and nothing else
    that it should not."""
    for example in examples():
        found = consult(example.query, example.vectors, SNAPSHOT, fitted).ruling
        assert (found.outcome == "answered") is example.answerable, example.query.text
        if example.answerable:
            first = found.evidence[0]
            assert name_of(first.hit.passage) in example.gold[0]
            assert first.unit.text in example.units[0]


def test_every_sign_has_its_weight_and_danger_is_left_alone(fitted: Weights) -> None:
    """Rounded, by name, with an intercept where there is one; other groups and numbers stay."""
    assert set(fitted.groups["passages"]) == set(SIGNS)
    assert set(fitted.groups["units"]) == {*UNIT_SIGNS, "intercept"}
    assert set(fitted.groups["answers"]) == {*ANSWER_SIGNS, "intercept"}
    assert fitted.groups["danger"] == WEIGHTS.groups["danger"]
    assert fitted.numbers == WEIGHTS.numbers


def test_the_figures_of_the_fit_are_told(fitted: Weights) -> None:
    """Passages by source, units, and how far the probability tells right from wrong."""
    told = fitted.told
    assert told["passages"]["casi"]["n"] == len(THINGS)
    assert told["passages"]["casi"]["R@1"] > 0.8
    assert told["units"]["n"] == len(THINGS)
    assert told["units"]["first right"] > 0.8
    judged = told["answers"]["casi"]
    assert judged["n"] == 2 * len(THINGS)
    assert judged["right"] == 0.5
    assert judged["AUROC"] > 0.9
    shown = [judged[str(threshold)]["given"] for threshold in (0.3, 0.5, 0.8)]
    assert shown == sorted(shown, reverse=True)


def test_the_weights_told_are_those_of_the_model() -> None:
    """On the scale of the signs themselves: they give the same odds as the regression, and more
    to the units that were labelled."""
    made = examples()
    found = [example.find(WEIGHTS) for example in made]
    kept = replace(WEIGHTS, groups={**WEIGHTS.groups, "units": fit_units(made, found)["weights"]})
    for example, there in zip(made, found, strict=True):
        if example.answerable:
            best = read(example.query, there, SNAPSHOT, kept)[0]
            assert best.unit.text in example.units[0]
            assert best.score > 0


def test_a_source_without_answers_has_no_auroc() -> None:
    """Nothing is told apart where nothing could be right."""
    made = examples()
    mixed = [e if e.answerable else replace(e, source="altro") for e in made]
    told = fit_answers(mixed, [e.find(WEIGHTS) for e in mixed], WEIGHTS)
    assert "AUROC" not in told["altro"]
    assert told["altro"]["right"] == 0.0


def test_tables_are_of_what_has_an_answer() -> None:
    """One for each thing asked that some section answers."""
    made = examples()
    found = tables_of(made, [example.find(WEIGHTS) for example in made])
    assert len(found) == len(THINGS)
    assert all(table.right.sum() == 1 for table in found)


def test_what_is_removed_is_not_found() -> None:
    """A question whose passages are taken away, to learn silence on: the others stay."""
    qrels = {"q": {"patente#come": 1}}
    queries = {"q": "Con quale modulo si può avere patente?"}

    def made(removed: bool) -> Example:
        (example,) = examples_of_corpus(
            "corpus", queries, qrels, {"q": "titolo"}, SNAPSHOT, BOT, removed=removed
        )
        return example

    whole, without = made(False), made(True)
    names = {name_of(hit.passage) for hit in whole.find(WEIGHTS).hits}
    left = {name_of(hit.passage) for hit in without.find(WEIGHTS).hits}
    assert whole.gold == (frozenset({"patente#come"}),)
    assert without.gold == (frozenset(),)
    assert names - left == {"patente#come"}
    assert whole.group == "titolo"


def test_a_question_of_a_corpus_is_read_in_its_language() -> None:
    """As the bot reads it: what is not Italian is not corrected towards Italian words."""
    asked = {"it": "Con quale modulo si può avere la patente?",
             "fr": "Avec quel formulaire est-ce que je peux avoir le permis de conduire ?",
             "uk": "Яка форма потрібна, щоб отримати водійські права?"}  # fmt: skip
    found = examples_of_corpus("corpus", asked, {}, {}, SNAPSHOT, BOT)
    assert [example.query.language for example in found] == list(asked)


class _Bot:
    """What examples need of a bot."""

    def __init__(self) -> None:
        from made_encoder import made_encoder

        self.encoder, self.reader = made_encoder(), None

    def prepare(self, snapshot: object) -> object:
        from types import SimpleNamespace

        from chatbot.words.vocabulary import Reference

        return SimpleNamespace(reference=Reference.of(SNAPSHOT))


BOT: object = _Bot()


def item_of(turn: str, *parts: str) -> Item:
    return Item(
        id="a", turns=(turn,), language="it", asker="", wanted="answer",
        parts=tuple(Part(frozenset({part})) for part in parts), partial=frozenset(),
    )  # fmt: skip


def golds(turn: str, *parts: str) -> tuple[frozenset[str], ...]:
    items = [item_of(turn, *parts)]
    (example,) = examples_of_items("pratica", items, SNAPSHOT, BOT)  # type: ignore[arg-type]
    return example.gold


def test_parts_go_with_the_things_asked() -> None:
    """One to one where they are as many; else all with each."""
    two = "Con quale modulo si chiede la patente? Con quale modulo si chiede la tessera?"
    names: Sequence[str] = ("patente#come", "tessera#come")
    assert golds(two, *names) == tuple(frozenset({name}) for name in names)
    assert golds("Con quale modulo si chiede la patente?", *names) == (frozenset(names),)


def with_precedents(snapshot: Snapshot, *texts: str) -> Snapshot:
    """The same guides, with a precedent for each text that nothing answers."""
    vectors = BOT.encoder.encode_queries(list(texts)).astype(np.float16)  # type: ignore[attr-defined]
    return replace(
        snapshot, id="con precedenti", precedents=tuple(map(Precedent, texts)),
        precedent_vectors=vectors,
    )  # fmt: skip


def test_what_is_asked_is_no_precedent_of_itself() -> None:
    """The others stay, each with its vector."""
    guides = with_precedents(SNAPSHOT, "quale modulo?", "e la patente?", "dove vado?")
    left = unasked(guides, [item_of("e la  patente?")])
    assert [p.text for p in left.precedents] == ["quale modulo?", "dove vado?"]
    assert left.precedent_vectors.tolist() == guides.precedent_vectors[[0, 2]].tolist()


def test_guides_with_precedents_have_weights_of_their_own() -> None:
    """All questions count for guides without, those of guides with precedents for theirs."""
    guides = with_precedents(
        SNAPSHOT, *(f"Dove compro un violino di marca {t[:3]}x?" for t in THINGS)
    )
    made = examples()
    known = [replace(example, snapshot=guides) for example in made]
    fitted = fit([*made, *known], weights("passages", dense=0.1), lambda line: None)
    there = fitted.where(precedents=False)
    assert fitted.groups["answers"]["unanswered"] < 0
    assert there.groups["answers"]["unanswered"] == 0
    assert fitted.told["plain"]["passages"]["casi"]["n"] == 2 * len(THINGS)
    assert fitted.told["passages"]["casi"]["n"] == len(THINGS)
