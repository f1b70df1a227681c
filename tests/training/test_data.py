"""What the encoder learns from: practice alone, and never the part that fits and figures keep."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from guide_texts import PLAIN, guide, with_questions
from made_snapshots import snapshot_of

from eval.collections.halves import for_practice
from eval.collections.item import HELD_OUT, Item, Part, Quote, Wanted
from eval.training.data import (
    GUIDES,
    Data,
    PracticeQuestion,
    add_corpus,
    add_guides,
    add_pages,
    keys_of,
)
from index.precedent import Lead, Precedent

BODY = (
    "# Prova\n\n## Quanto dura? {#durata}\n\nDura sei mesi. Si proroga.\n\n"
    "## Chi paga? {#paga}\n\nPaga l'azienda.\n" + PLAIN
)
SNAPSHOT = snapshot_of([guide(with_questions("  durata: [quanti mesi sono?]\n", BODY))])
DURATION = Part(frozenset({"prova#durata"}), (Quote("prova#durata", "Dura sei mesi."),))
PAY = Part(frozenset({"prova#paga"}))


def item(
    *turns: str, parts: tuple[Part, ...] = (DURATION,), fold: int = 0, wanted: Wanted = "answer"
) -> Item:
    return Item(
        id="a", turns=turns, language="it", asker="", wanted=wanted, parts=parts,
        partial=frozenset({"prova#paga"}) - frozenset().union(*(p.gold for p in parts)), fold=fold,
    )  # fmt: skip


def learnt(*items: Item) -> Data:
    data = Data()
    add_guides(data, SNAPSHOT, items)
    return data


def told(data: Data, source: str) -> list[str]:
    return [query.text for query in data.queries if query.source == source]


def test_passages_are_those_of_the_guides_with_their_units() -> None:
    """Each unit is the span of its text; a plain-words box is never a wrong answer."""
    data = learnt()
    assert data.bounds[GUIDES] == (0, len(SNAPSHOT.passages))
    for passage, made in zip(SNAPSHOT.passages, data.passages, strict=True):
        assert [made.text[a:b] for a, b in made.units] == [unit.text for unit in passage.units]
        assert made.learnt is (passage.role != "plain")
    assert told(data, "domande") == ["quanti mesi sono?"]


def test_the_fold_that_fits_the_weights_is_not_learnt() -> None:
    """Else the weights would be fitted on what the encoder knows by heart."""
    text = "Quanti mesi dura il tirocinio in officina?"
    assert told(learnt(item(text, fold=HELD_OUT)), "pratica") == []
    assert told(learnt(item(text, fold=HELD_OUT - 1)), "pratica") == [text]


def test_what_has_no_answer_is_not_learnt() -> None:
    """Nor a danger: nothing is right for it."""
    for wanted in ("abstain", "emergency"):
        assert told(learnt(item("Ciao", wanted=wanted)), "pratica") == []  # type: ignore[arg-type]
    assert told(learnt(item("Ciao", parts=(Part(frozenset()),))), "pratica") == []


def test_the_labelled_unit_is_known_in_its_passage() -> None:
    """By its ordinal; what helps is known too."""
    data = learnt(item("Quanti mesi dura il tirocinio?"))
    (query,) = [query for query in data.queries if query.source == "pratica"]
    (place,) = [n for n, p in enumerate(data.passages) if p.section == "prova#durata"]
    (other,) = [n for n, p in enumerate(data.passages) if p.section == "prova#paga"]
    assert query.right == (place,)
    assert query.units == {place: frozenset({0})}
    assert query.partial == (other,)


def test_precedents_are_learnt_but_for_those_of_practice() -> None:
    """These are items already, or kept for a fit. One that nothing answers has no place to go."""
    paid, length = SNAPSHOT.passages[1], SNAPSHOT.passages[0]
    precedents = (
        Precedent("chi mi dà i soldi?", (Lead("prova", paid.anchor, paid.units[0].key),)),
        Precedent("per quanto mi tengono?", (Lead("prova", length.anchor),)),
        Precedent("quanto tempo resto?", (Lead("prova", length.anchor),)),
        Precedent("e in Francia?"),
    )
    data, kept = Data(), item("per quanto mi tengono?", fold=HELD_OUT)
    add_guides(data, replace(SNAPSHOT, precedents=precedents), [kept])
    learned = {query.text: query for query in data.queries if query.source == "precedenti"}
    assert set(learned) == {"chi mi dà i soldi?", "quanto tempo resto?"}
    first, second = learned["chi mi dà i soldi?"], learned["quanto tempo resto?"]
    assert [data.passages[n].section for n in first.right] == [f"prova#{paid.anchor}"]
    assert first.units == {first.right[0]: frozenset({0})}
    assert second.units == {}


def test_questions_with_one_answer_are_siblings() -> None:
    """By unit where one is named, else by passage; a question of other texts has none."""
    twins = [
        item("Quanti mesi dura il mio tirocinio?"), item("Per quanto tempo dura quel tirocinio?")
    ]  # fmt: skip
    data = learnt(*twins)
    data.queries.append(PracticeQuestion("Di altri testi?", "squad-it", (0,)))
    (key,) = {key for query in data.queries[-3:] for key in keys_of(query)}
    assert set(data.siblings[key]) == {twin.turns[0] for twin in twins}
    assert keys_of(data.queries[-1]) == []


def test_two_questions_are_learnt_together_and_apart() -> None:
    """Each with what answers it alone."""
    whole = "Sono di Asti. Quanti mesi dura il tirocinio? Chi paga il mio tirocinio?"
    data = learnt(item(whole, parts=(DURATION, PAY)))
    assert told(data, "pratica") == [whole]
    assert told(data, "parti") == ["Quanti mesi dura il tirocinio?", "Chi paga il mio tirocinio?"]
    apart = [query.right for query in data.queries if query.source == "parti"]
    assert len(set(apart)) == 2


def test_what_a_long_story_asks_is_learnt_without_the_story() -> None:
    """And a conversation only whole."""
    story = "Vengo dal Mali e lavoro in una officina di Asti da tre settimane con un amico."
    asked = "Quanti mesi dura questo tirocinio?"
    assert told(learnt(item(f"{story} {asked}")), "parti") == [asked]
    talk = learnt(item(story, asked))
    assert (told(talk, "pratica"), told(talk, "parti")) == ([f"{story} {asked}"], [])


def test_of_a_corpus_the_half_that_tells_figures_is_not_learnt(tmp_path: Path) -> None:
    """By title: no article is in both halves."""
    titles = [f"Articolo {n}" for n in range(12)]
    lines = [{"_id": f"d{n}", "title": t, "text": f"Prima {n}. Poi altro."}
             for n, t in enumerate(titles)]  # fmt: skip
    questions = [{"_id": f"q{n}", "text": f"Domanda {n}?"} for n in range(12)]
    for name, rows in (("corpus", lines), ("queries", questions)):
        text = "\n".join(json.dumps(row) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(text + "\n", encoding="utf-8")
    qrels = "".join(f"q{n}\td{n}\t1\n" for n in range(12))
    (tmp_path / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{qrels}", encoding="utf-8")
    data = Data()
    add_corpus(data, tmp_path)
    ours = [f"Domanda {n}?" for n, title in enumerate(titles) if for_practice(title)]
    assert 0 < len(ours) < 12
    assert told(data, tmp_path.name) == ours
    assert len(data.passages) == 12
    assert data.bounds[tmp_path.name] == (0, 12)
    for query in data.queries:
        assert data.passages[query.right[0]].text.split("\n")[0] in titles
    first = data.passages[0]
    assert [first.text[a:b].strip() for a, b in first.units] == ["Prima 0.", "Poi altro."]


def test_a_page_of_sentences_is_learnt_in_parts(tmp_path: Path) -> None:
    """The parts without a sentence that answers are wrong, those with it right; a question that no
    sentence answers has nothing to come nearer to, and is not learnt."""
    sentences = [f"Frase {n} " + "parola " * 50 for n in range(5)]
    row = {"question": "Quale frase?", "sentences": sentences, "gold": [3]}
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps(row) + "\n" + json.dumps({**row, "gold": []}) + "\n")
    data = Data()
    add_pages(data, path)
    (first,) = data.queries
    (place,) = first.right
    ((ordinal),) = first.units[place]
    begin, end = data.passages[place].units[ordinal]
    assert data.passages[place].text[begin:end] == sentences[3]
    assert set(first.wrong) == set(range(len(data.passages))) - {place}
