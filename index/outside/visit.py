"""One polite look at an address: HEAD, GET where that says nothing, a few redirects, no more."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Literal, NamedTuple
from urllib.parse import urljoin, urlsplit

import httpcore
from pydantic import BaseModel, ConfigDict

from index.outside.addresses import web_address
from index.outside.public import PrivateAddressError, PublicBackend, Resolve, public_addresses

State = Literal["works", "moved", "broken", "silent", "private", "closed"]
TROUBLE: frozenset[State] = frozenset({"broken", "silent", "private"})
HOPS = 5
LONGEST_S = 20.0  # of one request, whatever it does
STEP_S = 10.0  # of a connection, of each wait
MOST_BYTES = 65_536  # of a page: enough to know that it comes
GONE = frozenset({404, 410})
FOR_GOOD = frozenset({301, 308})
REDIRECTS = FOR_GOOD | {302, 303, 307}
SLOWER = frozenset({429, 503})  # with «Retry-After»: the site asks not to insist
AGENT = "Bussola (controllo dei collegamenti di una guida)"


class Visit(BaseModel):
    """What became of an address: its `state`, the status that came (0: none did), where it leads
    for good (`to`), and why in words for an editor."""

    model_config = ConfigDict(frozen=True)
    state: State
    status: int = 0
    to: str = ""
    why: str = ""
    at: datetime

    @property
    def trouble(self) -> bool:
        return self.state in TROUBLE


class Reply(NamedTuple):
    """The answer to one request: `body` is its beginning, empty for HEAD."""

    status: int
    location: str
    slower: bool
    body: bytes


class Visitor:
    """Looks at addresses. `wait` is called with a host before each request to it; `resolve` says
    which addresses a name may lead to."""

    def __init__(
        self,
        wait: Callable[[str], None] = lambda host: None,
        resolve: Resolve = public_addresses,
        agent: str = AGENT,
    ) -> None:
        self._wait, self._resolve, self._agent = wait, resolve, agent

    def visit(self, url: str) -> Visit:
        """Never raises: what goes wrong is what is told."""
        try:
            return self._follow(url)
        except PrivateAddressError:
            return _told("private", "porta a una rete privata: un lettore non ci arriva")
        except socket.gaierror as error:
            if error.errno == socket.EAI_NONAME:
                return _told("broken", "il sito non esiste più: il suo nome non porta a nulla")
            return _told("silent", "il nome del sito non si trova adesso")
        except ssl.SSLError:
            return _told("silent", "il certificato del sito non vale: chi legge vede un avviso")
        except httpcore.TimeoutException:
            return _told("silent", f"non ha risposto in {LONGEST_S:.0f} secondi")
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            if _is_about_tls(error):
                return _told("silent", "il certificato del sito non vale: chi legge vede un avviso")
            return _told("silent", "non risponde")
        except (httpcore.UnsupportedProtocol, ValueError):
            return _told("broken", "l'indirizzo non si legge: ricopialo dalla pagina")

    def _follow(self, url: str) -> Visit:
        first, here, for_good = url, url, True
        for _ in range(HOPS + 1):
            reply = self._look(here)
            if reply.status not in REDIRECTS or not reply.location:
                return _judged(reply, first, here if for_good and here != first else "")
            for_good = for_good and reply.status in FOR_GOOD
            here = web_address(urljoin(here, reply.location))
            if not here:
                return _told("broken", "manda a un indirizzo che non è di una pagina", reply.status)
        return _told("broken", f"manda da una pagina all'altra più di {HOPS} volte", reply.status)

    def _look(self, url: str) -> Reply:
        """By HEAD; by GET where the server does not like that, or says that nothing is there."""
        reply = self.request("HEAD", url)
        if reply.status < 400 or (reply.slower and reply.status in SLOWER):
            return reply
        return self.request("GET", url)

    def request(self, method: str, url: str) -> Reply:
        """One request, after the wait that is due to its host. Raises what `visit` tells."""
        self._wait(urlsplit(url).hostname or "")
        headers = [("User-Agent", self._agent), ("Accept", "*/*"), ("Connection", "close")]
        backend = PublicBackend(self._resolve, monotonic() + LONGEST_S)
        steps = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), STEP_S)}
        with httpcore.ConnectionPool(network_backend=backend) as pool, pool.stream(
            method, url, headers=headers, extensions=steps
        ) as response:  # fmt: skip
            told = {key.lower(): value for key, value in response.headers}
            body = b"" if method == "HEAD" else _beginning(response)
            return Reply(
                response.status, told.get(b"location", b"").decode("latin-1").strip(),
                b"retry-after" in told, body,
            )  # fmt: skip


def _beginning(response: httpcore.Response) -> bytes:
    found = b""
    for piece in response.iter_stream():
        found += piece
        if len(found) >= MOST_BYTES:
            break
    return found[:MOST_BYTES]


def _judged(reply: Reply, first: str, moved_to: str) -> Visit:
    status = reply.status
    if status in GONE:
        return _told("broken", f"la pagina non c'è più (errore {status})", status)
    if status in SLOWER and reply.slower:
        return _told("closed", "il sito chiede di non insistere: aprilo tu", status)
    if status >= 500:
        return _told("silent", f"il sito ha un guasto (errore {status})", status)
    if status >= 400:
        return _told("closed", f"non si apre a un programma (errore {status}): aprilo tu", status)
    if moved_to and not _same_page(first, moved_to):
        return _told("moved", "la pagina si è spostata: aggiorna l'indirizzo", status, moved_to)
    return _told("works", "", status)


def _same_page(one: str, other: str) -> bool:
    """Whether two addresses differ only in https, «www.» or a slash at the end."""
    return _plain(one) == _plain(other)


def _plain(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path.rstrip("/"), parts.query


def _is_about_tls(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _told(state: State, why: str, status: int = 0, to: str = "") -> Visit:
    return Visit(state=state, status=status, to=to, why=why, at=datetime.now(UTC))
