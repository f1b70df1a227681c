"""What is mined as wrong is near, and is never what answers."""

from __future__ import annotations

from dataclasses import replace

from tiny_tower import small_data, tower_for

from eval.training.data import Data, PracticeQuestion, PracticeText
from eval.training.negatives import KEPT, SKIPPED, mine


def mined(data: Data) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    mine(data, tower_for(data), lambda done, total: told.append((done, total)))
    return told


def test_no_passage_that_answers_or_helps_is_wrong() -> None:
    """Nor another part of a section that does."""
    data = small_data()
    data.queries.append(PracticeQuestion("come apre la banca", "pratica", (0,), {}, partial=(2,)))
    told = mined(data)
    for query in data.queries:
        fine = {data.passages[n].section for n in (*query.right, *query.partial)}
        assert query.wrong
        assert not {data.passages[n].section for n in query.wrong} & fine
        assert len(set(query.wrong)) == len(query.wrong) <= KEPT
    assert told[-1] == (len(data.passages), len(data.passages))


def test_a_box_in_plain_words_is_not_wrong() -> None:
    """It repeats its sheet: what it says answers too."""
    data = small_data()
    data.passages[2:] = [replace(passage, learnt=False) for passage in data.passages[2:]]
    data.passages.append(PracticeText("la mensa prima apre", "altro#a", ((0, 5),)))
    data.bounds["guide"] = (0, len(data.passages))
    mined(data)
    assert data.queries[0].wrong == (len(data.passages) - 1,)


def test_where_nobody_judged_the_rest_the_nearest_are_skipped() -> None:
    """They may answer too: a question of a corpus has one passage labelled."""
    data = small_data()
    data.bounds["corpus"] = data.bounds["guide"]
    data.queries = [data.queries[0], replace(data.queries[0], source="corpus")]
    mined(data)
    judged, unjudged = data.queries
    assert list(unjudged.wrong) == list(judged.wrong)[SKIPPED:]


def test_wrong_passages_that_were_given_are_kept() -> None:
    """The rest of a page whose sentences were all read."""
    data = small_data()
    data.queries[0].wrong = (15,)
    mined(data)
    assert data.queries[0].wrong == (15,)


def test_wrong_passages_are_of_the_same_source() -> None:
    """A guide is no negative for a question about a corpus."""
    data = small_data()
    first = len(data.passages)
    data.passages += [PracticeText(f"articolo {n}", f"a{n}", ((0, 8),)) for n in range(6)]
    data.bounds["squad"] = (first, len(data.passages))
    data.queries.append(PracticeQuestion("articolo", "squad", (first,)))
    mined(data)
    assert data.queries[-1].wrong
    assert all(n > first for n in data.queries[-1].wrong)
    assert all(n < first for query in data.queries[:-1] for n in query.wrong)


def test_what_editors_wrote_has_its_batch_alone() -> None:
    """Their questions are short: mining for them all would take longer than it gains. A page of one
    part has no other either."""
    data = small_data()
    data.queries[0] = replace(data.queries[0], source="domande")
    data.queries[1] = replace(data.queries[1], source="pagine")
    mined(data)
    assert [bool(query.wrong) for query in data.queries[:3]] == [False, False, True]
