"""What a build takes over from the snapshot before is what it would have made anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_snapshots import ENCODER, sheet_of, snapshot_of

from index.encode.passage_text import text_of
from index.encode.vectors import encode_texts
from index.guide import Guide
from index.parse.chunk import chunk_guide
from index.passage import Passage
from index.precedent import Lead, Precedent
from index.publish.build import make_snapshot
from index.publish.carry import new_passages
from index.publish.snapshot import Snapshot, load_folder, save
from index.search.lexical import terms
from index.search.stems import WORDS

NAMES = [f"scheda-{n}" for n in range(40)]
PRECEDENTS = (Precedent("quanto ci mette la banca", (Lead("scheda-3", "tempi"),)),)


def sheet(name: str, more: str = "") -> Guide:
    said = f"La banca di {name} risponde in dieci giorni.{more}"
    body = f"## Quali tempi ha {name}? {{#tempi}}\n\n{said}"
    return sheet_of(name, f"Guida {name}", body)


GUIDES = [sheet(name) for name in NAMES]
CHANGED = [sheet("scheda-3", " Poi scrive il perché."), sheet("nuova", " Mai vista.")]
AFTER = [*(g for g in GUIDES if g.slug != "scheda-3"), *CHANGED]


def cut(guides: list[Guide]) -> list[Passage]:
    return [p for guide in guides for p in chunk_guide(guide, ENCODER.count_tokens)]


def made(
    guides: list[Guide], passages: list[Passage], before: Snapshot | None = None
) -> tuple[Snapshot, int]:
    """A snapshot, and how many passages went through the encoder for it."""
    new = new_passages(passages, before)
    encoded = encode_texts(ENCODER, [text_of(p) for p in new])
    precedents = PRECEDENTS if before is None else (*PRECEDENTS, Precedent("dov'è il mare"))
    snapshot = make_snapshot(
        guides, passages, encoded, ENCODER, "0" * 64, precedents=precedents, before=before
    )
    return snapshot, len(new)


@pytest.fixture(scope="module")
def both() -> tuple[Snapshot, Snapshot, Snapshot, int]:
    """(before, after it, the same as after without any before, passages encoded for after)."""
    old = cut(GUIDES)
    before, _ = made(GUIDES, old)
    kept = {p.guide: p for p in old}
    passages = [p for g in AFTER for p in ([kept[g.slug]] if g in GUIDES else cut([g]))]
    after, encoded = made(AFTER, passages, before)
    anew = make_snapshot(
        AFTER, passages, encode_texts(ENCODER, [text_of(p) for p in passages]), ENCODER, "0" * 64,
        precedents=after.precedents,
    )  # fmt: skip
    return before, after, anew, encoded


def test_only_what_is_new_is_encoded(both: tuple[Snapshot, Snapshot, Snapshot, int]) -> None:
    """Of 41 passages two: one changed, one added."""
    *_, encoded = both
    assert encoded == 2


@pytest.mark.parametrize(
    "name", ["vectors", "units", "questions", "signals", "precedent_vectors"]
)  # fmt: skip
def test_arrays_are_those_of_a_build_anew(
    both: tuple[Snapshot, Snapshot, Snapshot, int], name: str
) -> None:
    """To the last bit, of the same kind of number."""
    _, after, anew, _ = both
    found, expected = getattr(after, name), getattr(anew, name)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


def test_tokens_stand_in_the_same_units(both: tuple[Snapshot, Snapshot, Snapshot, int]) -> None:
    """Along the directions of the snapshot before, which are not looked for again."""
    before, after, anew, _ = both
    np.testing.assert_array_equal(after.tokens.bounds, anew.tokens.bounds)
    np.testing.assert_array_equal(after.tokens.units, anew.tokens.units)
    assert after.tokens.axes is before.tokens.axes


def test_words_find_the_same(both: tuple[Snapshot, Snapshot, Snapshot, int]) -> None:
    """Words of before, of the changed sentence and of the new guide, with the same scores."""
    _, after, anew, _ = both
    for question in ("quali tempi ha scheda-7?", "scrive il perché", "mai vista"):
        found, expected = (s.lexical.top(terms(question), 10) for s in (after, anew))
        np.testing.assert_array_equal(found[0], expected[0])
        np.testing.assert_allclose(found[1], expected[1], rtol=1e-6)


def test_too_few_that_stay_are_all_encoded(both: tuple[Snapshot, Snapshot, Snapshot, int]) -> None:
    """The directions of the tokens are found for what is there."""
    before, *_ = both
    few = list(before.passages[:20])
    assert len(new_passages(few, before)) == len(few)


def test_a_snapshot_is_loaded_beside_another(
    both: tuple[Snapshot, Snapshot, Snapshot, int], tmp_path: Path
) -> None:
    """Guides and passages of files that did not change are the very ones in memory, and what is
    loaded is what was saved; alone it is the same."""
    before, after, _, _ = both
    for name, snapshot in (("before", before), ("after", after)):
        save(snapshot, tmp_path / name)
    first = load_folder(tmp_path / "before", "before")
    beside = load_folder(tmp_path / "after", "after", first)
    alone = load_folder(tmp_path / "after", "after")
    assert beside.guides["scheda-1"] is first.guides["scheda-1"]
    assert beside.guides["scheda-3"] is not first.guides["scheda-3"]
    assert dict(beside.guides) == dict(alone.guides) == dict(after.guides)
    assert beside.passages == alone.passages == after.passages
    assert beside.precedents == alone.precedents == after.precedents
    assert sum(any(p is q for q in first.passages) for p in beside.passages) == 39


def test_stems_outlive_the_disk(tmp_path: Path) -> None:
    """They are read back as they were cut; an index of before they were kept loads all the same."""
    snapshot = snapshot_of(GUIDES[:3])
    save(snapshot, tmp_path / "one")
    kept = load_folder(tmp_path / "one", "one").lexical._stems
    assert kept is not None
    assert kept.of(1) == terms(snapshot.passages[1].searched)
    for file in (tmp_path / "one/bm25").glob("stem*"):
        file.unlink()
    assert (tmp_path / "one/bm25" / WORDS).exists() is False
    old = snapshot.lexical.load(tmp_path / "one/bm25", len(snapshot.passages))
    assert old._stems is None
