"""Between a server and its database: lets through, holds back while a test says so, or cuts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event

from sqlalchemy import make_url

CHUNK = 65_536


@dataclass(eq=False)
class Proxy:
    """`flowing` is clear while nothing comes through; `url` leads through it."""

    url: str
    flowing: Event = field(default_factory=Event)
    open: list[socket.socket] = field(default_factory=list)

    def hold(self) -> None:
        """As a cable that was pulled: nobody is told anything."""
        self.flowing.clear()

    def let(self) -> None:
        self.flowing.set()

    def cut(self) -> None:
        """Connections that are open end; new ones are made."""
        for one in self.open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.open.clear()


@contextmanager
def a_proxy(database: str) -> Iterator[Proxy]:
    """Before a database that listens on a socket of this machine."""
    address = make_url(database)
    behind = f"{address.query['host']}/.s.PGSQL.{address.port or 5432}"
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        through = address.set(host="127.0.0.1", port=port, query={})
        proxy = Proxy(through.render_as_string(hide_password=False))
        proxy.let()
        threading.Thread(target=_serve, args=(door, behind, proxy), daemon=True).start()
        try:
            yield proxy
        finally:
            proxy.let()
            proxy.cut()


def _serve(door: socket.socket, behind: str, proxy: Proxy) -> None:
    with suppress(OSError):  # closed: the test is over
        while True:
            client, _ = door.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(behind)
            proxy.open += [client, server]
            for ends in ((client, server), (server, client)):
                threading.Thread(target=_pass_on, args=(*ends, proxy), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, proxy: Proxy) -> None:
    with suppress(OSError):
        while data := source.recv(CHUNK):
            proxy.flowing.wait()
            target.sendall(data)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
