"""How the summary goes out: by the network's mail server, to whom and on which day it is set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import structlog
from pydantic import BaseModel, ValidationError

from chatbot.desk.digest import Digest, subject, text_of
from chatbot.desk.drafts import FOLDER
from chatbot.mail import Mailer, NotSentError, mailer_of, new_mail, send_mail
from chatbot.settings import WEEKDAYS, Settings
from chatbot.shared.document import Document
from chatbot.shared.drawer import Drawer, InUse
from chatbot.shared.folder_drawer import FolderDrawer
from index.errors import BussolaError

FROM_HOUR = 7  # where the network is: it is there when people come in
AGAIN = timedelta(hours=1)  # after a mail server that did not take it
EVERY_DAY = "every day"
_DAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
log = structlog.get_logger()


class NotSet(BussolaError):  # noqa: N818 (it reads as what happened)
    """The message cannot be sent: a setting is missing, which is named in Italian."""


@dataclass(frozen=True)
class Post:
    """How the message goes out: `to` whom, on which day, from what address of ours."""

    mailer: Mailer | None
    to: tuple[str, ...]
    weekday: str  # one of WEEKDAYS, or EVERY_DAY
    base: str

    @classmethod
    def of(cls, settings: Settings) -> Post:
        """Raises MailError for a mail server that cannot work."""
        base = (settings.public_address or "").rstrip("/")
        return cls(mailer_of(settings), tuple(settings.digest_to), settings.digest_day, base)

    @property
    def missing(self) -> str:
        """The first setting without which nothing is sent; empty when all are there."""
        needed = {"BUSSOLA_SMTP_URL": self.mailer, "BUSSOLA_DIGEST_TO": self.to,
                  "BUSSOLA_PUBLIC_ADDRESS": self.base}  # fmt: skip
        return next((name for name, value in needed.items() if not value), "")

    def wants(self, moment: datetime) -> bool:
        """Whether the message goes out at a moment of the network's own time."""
        today = moment.weekday()
        return moment.hour >= FROM_HOUR and self.weekday in (EVERY_DAY, WEEKDAYS[today])

    @property
    def often(self) -> str:
        """«ogni lunedì»."""
        if self.weekday == EVERY_DAY:
            return "ogni giorno"
        return f"ogni {_DAYS[[*WEEKDAYS].index(self.weekday)]}"  # type: ignore[arg-type]

    def send(self, digest: Digest) -> list[str]:
        """One message to each, so that nobody reads the others' addresses; who it went to: one
        address that is refused keeps it from nobody else. Raises NotSet; NotSentError where it
        went to nobody."""
        if self.mailer is None or self.missing:
            raise NotSet(f"Non posso mandare il riepilogo: manca {self.missing}.")
        went = []
        for to in self.to:
            try:
                send_mail(self.message(digest, to, self.mailer.sender), self.mailer)
                went.append(to)
            except NotSentError as error:
                log.warning("digest_not_sent", why=str(error))
                failed = error
        if not went:
            raise failed
        return went

    def message(self, digest: Digest, to: str, sender: str) -> EmailMessage:
        """The message of a day."""
        message = new_mail(subject(digest), sender, to)
        message.set_content(text_of(digest, self.base, self.often))
        return message


class _Sent(BaseModel):
    """The last day whose message was seen to; `again` after one that was not taken."""

    day: date | None = None
    again: datetime | None = None


class Rounds:
    """Sends the message once on each of its days, also where there are several servers."""

    def __init__(self, place: Path | Drawer, post: Post) -> None:
        drawer = FolderDrawer(place / FOLDER) if isinstance(place, Path) else place
        self._document = Document(drawer, "digest.json")
        self._post = post

    def look(self, moment: datetime, digest: Callable[[], Digest]) -> bool:
        """At a moment of the network's own time: send what `digest` gives, unless it was. True when
        a message went out."""
        if self._post.missing or not self._post.wants(moment):
            return False
        try:
            with self._document.alone(wait=False):
                return self._send(moment, digest)
        except InUse:
            return False  # another server is at it

    def _send(self, moment: datetime, digest: Callable[[], Digest]) -> bool:
        sent = self._sent()
        if sent.day == moment.date() or (sent.again and moment < sent.again):
            return False
        made = digest()
        try:
            went = self._post.send(made) if not made.empty else []
        except NotSentError:
            self._keep(_Sent(day=sent.day, again=moment + AGAIN))
            return False
        self._keep(_Sent(day=moment.date()))
        log.info("digest_sent", n=len(went))
        return bool(went)

    def _sent(self) -> _Sent:
        try:
            sheet = self._document.look()
            return _Sent.model_validate_json(sheet.data or b"") if sheet else _Sent()
        except (OSError, ValidationError):
            return _Sent()

    def _keep(self, sent: _Sent) -> None:
        self._document.write(sent.model_dump_json().encode())
