"""Who is let in is answered soon; who is not is told so at once."""

import asyncio
import time
from contextlib import suppress
from itertools import count

import anyio
import httpx
import pytest
from apart import run_apart
from fastapi import FastAPI

from chatbot import problem
from chatbot.parts import part, provide
from chatbot.shield.queue import (
    CROWD,
    CROWDED_S,
    PRINTS,
    RETRY_S,
    EarlyRefusal,
    FullError,
    PrintTurn,
    PrintTurns,
    QueueTurn,
    Turns,
)

WORKERS, MOST = 2, 16


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def let_in(turns: Turns, asked: int) -> int:
    """How many of `asked` find a place."""
    found = 0
    with suppress(FullError):
        while found < asked:
            turns.take()
            found += 1
    return found


def test_a_burst_waits_and_a_lasting_crowd_is_cut_short() -> None:
    """Sixteen come in at once and no more. As long as somebody is refused each second, only two
    may be under way; who comes back when told to finds room for a burst."""
    clock = Clock()
    turns = Turns(WORKERS, MOST, clock)
    assert let_in(turns, 20) == MOST
    for _ in range(4):
        turns.release()
    clock.now += CROWDED_S / 2
    assert let_in(turns, 20) == 0
    for _ in range(MOST - 5):
        turns.release()
    clock.now += CROWDED_S / 2
    assert turns.under_way == 1
    assert let_in(turns, 20) == CROWD - 1
    clock.now += RETRY_S
    assert let_in(turns, 20) == MOST - CROWD


def test_many_workers_keep_to_the_bound() -> None:
    """`most` is never passed, however many are worked on."""
    turns = Turns(64, MOST, Clock())
    assert let_in(turns, 100) == MOST


def application(early: bool) -> FastAPI:
    app = FastAPI()
    turns = Turns(WORKERS, WORKERS)
    provide(app, turns, PrintTurns(PRINTS, PRINTS))
    if early:
        app.add_middleware(EarlyRefusal, turns=turns)
    problem.install(app)

    @app.post("/api/chat")
    async def chat(body: dict[str, float], turn: QueueTurn) -> float:
        return await turn.run(lambda: time.sleep(body["wait"]) or body["wait"])

    @app.get("/servizi.pdf")
    async def print_services(turn: PrintTurn) -> float:
        return await turn.run(lambda: time.sleep(0.2) or 0.2)

    return app


async def _prints() -> list[int]:
    app = application(early=True)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as ask:
        asked = [ask.post("/api/chat", json={"wait": 0.5}) for _ in range(WORKERS)]
        waiting = [asyncio.create_task(one) for one in asked]
        await asyncio.sleep(0.1)
        prints = await asyncio.gather(*(ask.get("/servizi.pdf") for _ in range(PRINTS + 2)))
        answers = await asyncio.gather(*waiting)
    assert {answer.status_code for answer in answers} == {200}
    return sorted(response.status_code for response in prints)


def test_prints_take_no_place_of_a_question() -> None:
    """With all questions' places taken a print is made, and too many prints are refused."""
    assert run_apart(_prints()) == [200] * PRINTS + [503] * 2


async def _overload(early: bool) -> tuple[list[tuple[int, int]], int]:
    """Status and turn of ending of each question, and how many places are still taken."""
    app = application(early)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as ask:
        turns = count()

        async def one(wait: float | str = 0.5) -> tuple[int, int]:
            response = await ask.post("/api/chat", json={"wait": wait})
            if response.status_code == 503:
                assert response.headers["Retry-After"] == str(RETRY_S)
                assert response.headers["Content-Type"] == problem.MEDIA_TYPE
            return response.status_code, next(turns)

        answers = await asyncio.gather(*(one() for _ in range(20)))
        for _ in range(2 * WORKERS):
            answers.append(await one("never"))
        answers.append(await one(0))
    return answers, part(app, Turns).under_way


@pytest.mark.parametrize("early", [False, True])
def test_a_full_server_says_so_at_once_and_recovers(early: bool) -> None:
    """Of twenty questions at a time two are answered and eighteen refused with 503 before the
    others end; then there is room again, also after questions that were not valid."""
    (*first, _, _, _, _, after), left = run_apart(_overload(early))
    crowd = first[:20]
    assert sorted(status for status, _ in crowd) == [200] * 2 + [503] * 18
    assert max(turn for status, turn in crowd if status == 503) == 17
    assert after[0] == 200
    assert left == 0


async def _leave() -> tuple[int, int]:
    turns = Turns(WORKERS, MOST)
    seen: list[int] = []

    def work() -> None:
        time.sleep(0.2)
        seen.append(turns.under_way)

    with anyio.move_on_after(0.05):  # what a client that leaves does to its request
        await turns.take().run(work)
    return seen[0], turns.under_way


def test_who_leaves_keeps_the_place_until_the_work_ends() -> None:
    """Asking and going away does not make room for more work than there are workers."""
    assert run_apart(_leave()) == (1, 0)
