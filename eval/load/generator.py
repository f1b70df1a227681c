"""Many operators at a time against a server of this machine, for a while, and then too many.

Bounded in time and in requests, and only on the loopback: it cannot be turned against anybody.
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

MAX_SECONDS = 600.0
MAX_REQUESTS = 200_000
TIMEOUT_S = 30.0
KEEP_S = 2.0  # a connection is left before the server closes it under a request
LATE_S = 0.1
STREAM, FEEDBACK, READ = 0.3, 0.1, 0.2  # shares of the mix; the rest are plain questions
REFUSED = (429, 503)
PAGES = ("/", "/guide", "/servizi", "/copioni", "/api/health")


@dataclass(frozen=True, slots=True)
class Plan:
    """`operators` at a time for `seconds`, each waiting `pause` seconds on average between one
    request and the next (exponential, so that they do not walk in step); at most `requests`.

    With a `rate` so many requests a second come from operators drawn by lot, without a pause: a
    crowd that heeds no Retry-After."""

    url: str
    operators: int
    seconds: float
    pause: float
    requests: int = MAX_REQUESTS
    rate: float = 0.0
    questions: tuple[str, ...] = ()
    seed: int = 8

    def __post_init__(self) -> None:
        host = urlsplit(self.url).hostname or ""
        if host != "localhost" and not _is_loopback(host):
            raise ValueError("Il carico si prova solo su questa macchina (127.0.0.1).")
        if not (0 < self.seconds <= MAX_SECONDS and 0 < self.requests <= MAX_REQUESTS):
            raise ValueError(f"Al massimo {MAX_SECONDS:.0f} s e {MAX_REQUESTS} richieste.")


@dataclass(slots=True)
class Tally:
    """What happened: seconds of each accepted question, by operator, and what else there was."""

    asked: Counter[int] = field(default_factory=Counter)  # questions, by operator
    accepted: dict[int, list[float]] = field(default_factory=dict)
    refused: list[float] = field(default_factory=list)
    untold: int = 0  # refusals without Retry-After
    errors: Counter[str] = field(default_factory=Counter)
    sent: int = 0


@dataclass(frozen=True, slots=True)
class LoadReport:
    """Figures of one run. Times in milliseconds; `fairness` is Jain's index over the share of
    questions that each operator had accepted: 1 when all got the same; `fairness_by_lot` is what
    it would be if each question were accepted by lot with the same chance."""

    operators: int
    seconds: float
    sent: int
    sent_per_second: float
    accepted: int
    refused: int
    errors: dict[str, int]
    untold: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    refusal_p95_ms: float
    fairness: float
    fairness_by_lot: float


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load(plan: Plan) -> LoadReport:
    """Run the plan and measure it."""
    tally = Tally()
    started = time.perf_counter()
    asyncio.run(_run(plan, tally))
    return _report(plan, tally, time.perf_counter() - started)


async def _run(plan: Plan, tally: Tally) -> None:
    connector = aiohttp.TCPConnector(limit=plan.operators, keepalive_timeout=KEEP_S)
    tally.accepted = {number: [] for number in range(plan.operators)}
    async with aiohttp.ClientSession(
        plan.url,
        connector=connector,
        timeout=aiohttp.ClientTimeout(TIMEOUT_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # pages are taken, not read
    ) as client:
        deadline = time.perf_counter() + plan.seconds
        async with asyncio.TaskGroup() as group:
            if plan.rate:
                await _crowd(client, plan, tally, group, deadline)
            else:
                for number in range(plan.operators):
                    group.create_task(_operator(client, plan, tally, number, deadline))


async def _crowd(
    client: aiohttp.ClientSession,
    plan: Plan,
    tally: Tally,
    group: asyncio.TaskGroup,
    deadline: float,
) -> None:
    """Arrivals of a Poisson process, each of an operator who is not waiting for an answer. Those
    that find nobody free, or that this process is too late for, are left out: what was really
    sent in a second is in the report."""
    dice = random.Random(plan.seed)
    free = list(range(plan.operators))

    async def ask(number: int) -> None:
        await _one(client, plan, tally, number, dice)
        free.append(number)

    due = time.perf_counter()
    while due < deadline and tally.sent < plan.requests:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        if free:
            tally.sent += 1
            group.create_task(ask(free.pop(dice.randrange(len(free)))))
        due = max(due, time.perf_counter() - LATE_S) + dice.expovariate(plan.rate)


async def _operator(
    client: aiohttp.ClientSession, plan: Plan, tally: Tally, number: int, deadline: float
) -> None:
    """One operator: waits, asks, reads, sometimes says what they think; a refusal is waited out
    as long as it says."""
    dice = random.Random(plan.seed * 1_000_003 + number)
    await asyncio.sleep(dice.uniform(0, plan.pause))
    while time.perf_counter() < deadline and tally.sent < plan.requests:
        tally.sent += 1
        wait = await _one(client, plan, tally, number, dice)
        wait = wait or (dice.expovariate(1 / plan.pause) if plan.pause else 0.0)
        await asyncio.sleep(max(0.0, min(wait, deadline - time.perf_counter())))


async def _one(
    client: aiohttp.ClientSession, plan: Plan, tally: Tally, number: int, dice: random.Random
) -> float:
    """One request. Returns the seconds that a refusal asks to wait, else 0."""
    method, path, body = _choose(plan, dice)
    asks = path.startswith("/api/chat")
    tally.asked[number] += asks
    started = time.perf_counter()
    try:
        async with client.request(method, path, json=body) as response:
            content = await response.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        tally.errors[type(error).__name__] += 1
        return 0.0
    took = time.perf_counter() - started
    if response.status in REFUSED:
        tally.refused.append(took)
        told = response.headers.get("Retry-After", "")
        tally.untold += not told.isdigit()
        return float(told) if told.isdigit() else 1.0
    if response.status != 200 or (path.endswith("stream") and b"event: answer" not in content):
        tally.errors[f"{path} {response.status}"] += 1
    elif asks:
        tally.accepted[number].append(took)
    return 0.0


def _choose(plan: Plan, dice: random.Random) -> tuple[str, str, dict[str, object] | None]:
    roll = dice.random()
    if roll < READ:
        return "GET", dice.choice(PAGES), None
    if roll < READ + FEEDBACK:
        return (
            "POST",
            "/api/feedback",
            {"answer_id": f"{dice.getrandbits(64):x}", "reason": "ottima"},
        )
    path = "/api/chat/stream" if roll < READ + FEEDBACK + STREAM else "/api/chat"
    return "POST", path, {"question": dice.choice(plan.questions)}


def _report(plan: Plan, tally: Tally, seconds: float) -> LoadReport:
    times = sorted(t for mine in tally.accepted.values() for t in mine)
    shares = [len(tally.accepted[number]) / asked for number, asked in tally.asked.items() if asked]
    return LoadReport(
        operators=plan.operators,
        seconds=round(seconds, 1),
        sent=tally.sent,
        sent_per_second=round(tally.sent / seconds, 1),
        accepted=len(times),
        refused=len(tally.refused),
        errors=dict(tally.errors),
        untold=tally.untold,
        per_second=round(len(times) / seconds, 1),
        p50_ms=quantile(times, 0.5),
        p95_ms=quantile(times, 0.95),
        p99_ms=quantile(times, 0.99),
        refusal_p95_ms=quantile(sorted(tally.refused), 0.95),
        fairness=jain(shares),
        fairness_by_lot=by_lot(len(times), tally.asked.total(), plan.operators),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank quantile of ordered seconds, in milliseconds; NaN of nothing."""
    if not ordered:
        return math.nan
    rank = max(1, math.ceil(share * len(ordered)))
    return round(ordered[rank - 1] * 1000, 1)


def jain(shares: Sequence[float]) -> float:
    """Jain's fairness index, (Σx)² / (n Σx²) (Jain, Chiu, Hawe 1984): 1/n to 1."""
    squares = sum(share * share for share in shares)
    return round(sum(shares) ** 2 / (len(shares) * squares), 4) if squares else 0.0


def by_lot(accepted: int, asked: int, operators: int) -> float:
    """What Jain's index comes to, about, when each of the questions asked is accepted by lot: it
    is 1 / (1 + c²), and the share accepted of n questions with chance p has c² = (1 - p) / (n p).
    1 when all are accepted, 0 when none is."""
    if not accepted:
        return 0.0
    return round(1 / (1 + (1 - accepted / asked) * operators / accepted), 4)
