"""Connections to the public internet alone: who edits a guide does not reach what stands beside
the server by writing its address in it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv6Address, ip_address
from time import monotonic
from typing import Any

import httpcore

Resolve = Callable[[str, int], Sequence[str]]  # host and port to addresses that may be reached


class PrivateAddressError(OSError):
    """A name leads to a private network, or to this machine."""


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet. What wraps an IPv4 address in one of
    IPv6 is none: it would lead to whatever it wraps."""
    address = ip_address(text)
    if isinstance(address, IPv6Address) and (
        address.ipv4_mapped or address.sixtofour or address.teredo or address.is_site_local
    ):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises PrivateAddressError where one is not public: a name may have
    both, and be asked again; socket.gaierror where there is no such name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    texts = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not texts or not all(is_public(text) for text in texts):
        raise PrivateAddressError(host)
    return texts


class PublicBackend(httpcore.NetworkBackend):
    """Connects to what `resolve` allows, and to that very address: a name that is resolved twice
    could lead elsewhere the second time. Nothing lasts longer than `until` (monotonic seconds),
    however slowly it comes."""

    def __init__(self, resolve: Resolve, until: float) -> None:
        self._resolve, self._until = resolve, until
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        try:
            texts = self._resolve(host, port)
        except UnicodeError as error:  # a name that no host can have
            raise socket.gaierror(socket.EAI_NONAME, "no such name") from error
        for n, text in enumerate(texts, start=1):
            try:
                stream = self._inner.connect_tcp(text, port, self._left(timeout))
                return _InTime(stream, self._until)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if n == len(texts):
                    raise
        raise PrivateAddressError(host)

    def _left(self, timeout: float | None) -> float:
        return _left(self._until, timeout)


class _InTime(httpcore.NetworkStream):
    """A stream that ends when its time is over."""

    def __init__(self, inner: httpcore.NetworkStream, until: float) -> None:
        self._inner, self._until = inner, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._until, timeout)
        return _InTime(self._inner.start_tls(ssl_context, server_hostname, left), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    left = until - monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("out of time")
    return left if timeout is None else min(timeout, left)
