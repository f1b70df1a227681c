"""A round of all addresses: few sites at a time, one request a second to each, what its
`robots.txt` forbids left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Lock
from time import monotonic
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import httpcore

from index.outside.public import Resolve, public_addresses
from index.outside.visit import SLOWER, Visit, Visitor

PAUSE_S = 1.0  # between two requests to one host
SITES = 4  # looked at together
NAME = "Bussola"  # in robots.txt
Tell = Callable[[str, Visit], None]


class Stopped(Exception):  # noqa: N818 (it reads as what happened)
    """Who asked for the round no longer wants it."""


class Pace:
    """Lets a request to a host go `pause` seconds after the one before it."""

    def __init__(self, stop: Event, pause: float = PAUSE_S) -> None:
        self._stop, self._pause = stop, pause
        self._next: dict[str, float] = {}
        self._lock = Lock()

    def wait(self, host: str) -> None:
        """Raises Stopped."""
        with self._lock:
            now = monotonic()
            at = max(now, self._next.get(host, now))
            self._next[host] = at + self._pause
        if self._stop.wait(at - now) or self._stop.is_set():
            raise Stopped


def look_at_all(
    urls: Iterable[str], tell: Tell, stop: Event, resolve: Resolve = public_addresses,
    pause: float = PAUSE_S,
) -> None:  # fmt: skip
    """Look at every address and `tell` of each, from several threads. Returns when all were looked
    at, or soon after `stop` is set."""
    visitor = Visitor(Pace(stop, pause).wait, resolve)
    by_site: Mapping[str, list[str]] = defaultdict(list)
    for url in urls:
        parts = urlsplit(url)
        by_site[f"{parts.scheme}://{parts.netloc}"].append(url)

    def site(of: str, its: Sequence[str]) -> None:
        with suppress(Stopped):
            _look_at_site(of, its, visitor, tell)

    with ThreadPoolExecutor(SITES, "outside") as pool:
        # those with most addresses first: they take longest
        order = sorted(by_site.items(), key=lambda pair: -len(pair[1]))
        for done in [pool.submit(site, of, its) for of, its in order]:
            done.result()


def _look_at_site(site: str, urls: Sequence[str], visitor: Visitor, tell: Tell) -> None:
    """The addresses of one site, one after the other, until it asks not to insist."""
    allowed, slower = _robots(site, visitor), False
    for url in urls:
        if slower:
            tell(url, _left("il sito chiede di non insistere: aprilo tu"))
        elif not allowed.can_fetch(NAME, url):
            tell(url, _left("il sito non vuole programmi su questa pagina: aprila tu"))
        else:
            visit = visitor.visit(url)
            slower = visit.state == "closed" and visit.status in SLOWER
            tell(url, visit)


def _robots(site: str, visitor: Visitor) -> RobotFileParser:
    """What the site asks of programs; nothing where it says nothing or does not answer, which is
    told of its pages."""
    rules = RobotFileParser()
    lines: list[str] = []
    with suppress(OSError, ValueError, *_FAULTS):
        reply = visitor.request("GET", f"{site}/robots.txt")
        if reply.status == 200:
            lines = reply.body.decode("utf-8", "replace").splitlines()
    rules.parse(lines)
    return rules


_FAULTS = (
    httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)  # fmt: skip


def _left(why: str) -> Visit:
    return Visit(state="closed", why=why, at=datetime.now(UTC))
