"""A real mail server for the tests: what it took, and whom it refuses."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from serving import free_port


class Mailbox:
    """Mails in the order in which they came; an address of `refused` is told so."""

    def __init__(self, refused: frozenset[str] = frozenset()) -> None:
        self.mails: list[EmailMessage] = []
        self.port = 0
        self._refused = refused

    async def handle_RCPT(  # noqa: N802 (aiosmtpd looks for this name)
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address in self._refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd looks for this name)
        self, _server: object, _session: object, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        made = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.mails.append(made)
        return "250 OK"

    def wait(self, n: int) -> EmailMessage:
        deadline = time.monotonic() + 30
        while len(self.mails) < n:
            assert time.monotonic() < deadline, "no mail came"
            time.sleep(0.05)
        return self.mails[n - 1]


@contextmanager
def mail_server(refused: frozenset[str] = frozenset()) -> Iterator[Mailbox]:
    """One that listens on the loopback."""
    box = Mailbox(refused)
    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()
