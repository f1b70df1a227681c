"""What one server keeps beside the desk is on every server: drafts of cases, rounds of links,
trials of drafts, guides of past days, counts of slips."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from fastapi import HTTPException
from guide_texts import sheet
from made_encoder import made_encoder
from small import small_folder
from sqlalchemy import Engine

from chatbot.desk.impact import IMPACT, STALL_S, STOPPED, Impact, Impacts
from chatbot.desk.links import LinkRounds
from chatbot.http.referral_api import FAILURES, SENDINGS, Doorkeeper
from chatbot.referral.ways import Ways
from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet, open_shared
from chatbot.shared.drawer import InUse
from chatbot.shared.mirror import Mirror
from chatbot.shared.past_days import PastDays
from index.outside.kept import FILE, AlreadyLooking
from index.publish.build import build
from index.publish.past import PAST, keep_guides, read_day, read_guide
from index.publish.snapshot import load_current

FILES = ("bozze.yaml", ".bozze.json")


@dataclass(frozen=True)
class Two:
    """Servers that share a database, each with files of its own."""

    one: Cabinet
    other: Cabinet


@pytest.fixture
def shared_engine(database: str) -> Iterator[Engine]:
    engine = open_shared(database)
    yield engine
    engine.dispose()


@pytest.fixture
def two(shared_engine: Engine, tmp_path: Path) -> Two:
    return Two(Cabinet(tmp_path / "a", shared_engine), Cabinet(tmp_path / "b", shared_engine))


def mirrors(two: Two) -> tuple[Mirror, Mirror]:
    return Mirror(two.one, "eval/bozze", FILES), Mirror(two.other, "eval/bozze", FILES)


def test_files_changed_by_one_are_those_of_the_other(two: Two) -> None:
    """Hidden ones too; what is taken away goes; what is told twice is there once."""
    here, there = mirrors(two)
    with here.at_work():
        for name in FILES:
            (two.one.var / "eval/bozze").mkdir(parents=True, exist_ok=True)
            (two.one.var / "eval/bozze" / name).write_text(name)
    there.bring()
    assert [(two.other.var / "eval/bozze" / name).read_text() for name in FILES] == list(FILES)
    with there.at_work():
        (two.other.var / "eval/bozze" / FILES[0]).unlink()
    here.bring()
    assert not (two.one.var / "eval/bozze" / FILES[0]).exists()
    assert (two.one.var / "eval/bozze" / FILES[1]).exists()


def test_two_do_not_change_them_at_once(two: Two) -> None:
    """The second is told; and what one leaves half done is told to nobody."""
    here, there = mirrors(two)
    with here.at_work(), pytest.raises(InUse), there.at_work():
        pass

    def fail() -> None:
        with here.at_work():
            (two.one.var / "eval/bozze").mkdir(parents=True)
            (two.one.var / "eval/bozze" / FILES[0]).write_text("a metà")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    there.bring()
    assert not (two.other.var / "eval/bozze" / FILES[0]).exists()


def test_where_a_server_is_alone_nothing_is_done(tmp_path: Path) -> None:
    """No database, no copies."""
    alone = Mirror(Cabinet(tmp_path), "eval/bozze", FILES)
    with alone.at_work():
        alone.bring()
        alone.tell()
    PastDays(Cabinet(tmp_path)).tell()
    assert not list(tmp_path.iterdir())


def test_a_round_of_the_links_is_one_for_all(two: Two) -> None:
    """While one server looks another does not begin; what it found both show."""
    begun, go_on = Event(), Event()

    def slow(host: str, port: int) -> list[str]:
        begun.set()
        go_on.wait(600)
        return []

    here, there = LinkRounds(two.one, slow, pause=0), LinkRounds(two.other, slow, pause=0)
    guides = [sheet("# Prova\n\nVedi [uno](https://a.example/) e [due](https://b.example/).\n")]
    assert there.looked() is None
    here.start(guides)
    assert begun.wait(600)
    with pytest.raises(AlreadyLooking):
        there.start(guides)
    go_on.set()
    assert here._thread is not None
    here._thread.join(600)
    found = there.looked()
    assert found is not None
    assert found.done is not None
    assert found == here.looked()
    assert (two.other.var / FILE).is_file()


def test_the_trial_of_a_draft_is_seen_from_every_server(two: Two) -> None:
    """While it goes on on another it is under way; one that nobody has heard of for long failed."""
    now = datetime.now(UTC)
    under_way = Impact(draft="d", version=3, at=now, state="running", done=5, total=9, told=now)
    drawer, there = two.one.drawer(IMPACT), Impacts(two.other)
    drawer.write("d.json", under_way.model_dump_json().encode())
    assert there.of("d", 3) == under_way
    assert there.of("d", 2) is None
    old = under_way.model_copy(update={"told": now - timedelta(seconds=STALL_S + 1)})
    drawer.write("d.json", old.model_dump_json().encode())
    failed = there.of("d", 3)
    assert failed is not None
    assert (failed.state, failed.why) == ("failed", STOPPED)
    alone = Cabinet(two.one.var)
    alone.drawer(IMPACT).write("d.json", under_way.model_dump_json().encode())
    begun_before = Impacts(alone).of("d", 3)
    assert begun_before is not None
    assert begun_before.why == STOPPED  # a server alone has started again


def test_a_past_day_is_read_on_a_server_that_never_served_it(two: Two, tmp_path: Path) -> None:
    """Its list and the guide that is asked for; every text is kept once."""
    build(small_folder(tmp_path / "guide"), two.one.var, made_encoder())
    snapshot = load_current(two.one.var)
    keep_guides(two.one.var, snapshot)
    here, there = PastDays(two.one), PastDays(two.other)
    here.tell()
    slug = min(snapshot.guides)
    there.bring(snapshot.id, {slug, "nessuna"})
    day = read_day(two.other.var, snapshot.id)
    assert day is not None
    assert read_guide(two.other.var, day, slug) == snapshot.guides[slug]
    assert len(list((two.other.var / PAST / "guides").iterdir())) == 1
    there.bring("mai-stata", {slug})
    assert read_day(two.other.var, "mai-stata") is None
    shutil.rmtree(two.one.var / PAST)
    here.bring(snapshot.id, set(snapshot.guides))
    again = read_day(two.one.var, snapshot.id)
    assert again is not None
    kept = {name: read_guide(two.one.var, again, name) for name in again.guides}
    assert kept == dict(snapshot.guides)


def test_the_slips_of_an_office_are_counted_on_all_servers(two: Two) -> None:
    """And so are wrong codes: who guesses on one waits on the other."""
    ways = Ways.of(Settings(referral_offices={"Sportello": "un codice di prova lungo"}))
    doors = [Doorkeeper(one.attempts()) for one in (two.one, two.other)]
    for n in range(SENDINGS.amount):
        assert doors[n % 2].office(ways, "un codice di prova lungo", "10.0.0.1") == "Sportello"
    for n in range(FAILURES.amount):
        with pytest.raises(HTTPException) as caught:
            doors[n % 2].office(ways, "indovino", "10.0.0.2")
        assert caught.value.status_code == 401
    for door in doors:
        for code, address in (("un codice di prova lungo", "10.0.0.1"), ("indovino", "10.0.0.2")):
            with pytest.raises(HTTPException) as caught:
                door.office(ways, code, address)
            assert caught.value.status_code == 429
