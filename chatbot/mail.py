"""The network's mail server: what it is reached by, and a message handed to it."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

from chatbot.settings import Settings
from index.errors import BussolaError

TIMEOUT_S = 20.0


class MailError(BussolaError):
    """A setting of the mail is wrong; the message says which, in Italian."""


class NotSentError(Exception):
    """The mail server did not take it; `for_good` when trying again would not help."""

    def __init__(self, why: str, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Mailer:
    """The mail server that takes what is sent."""

    host: str
    port: int
    security: str  # "tls" from the start, "starttls", or "no"
    user: str
    password: str
    sender: str

    @classmethod
    def parse(cls, url: str, sender: str) -> Mailer:
        """From `smtp://user:password@host:587` (STARTTLS; `?tls=no` without) or `smtps://…`.
        Raises MailError, whose message never holds the password."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise MailError(_BAD_URL) from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise MailError(_BAD_URL)
        if "@" not in sender or any(c in sender for c in "\r\n"):
            raise MailError("BUSSOLA_SMTP_FROM deve essere un indirizzo e-mail.")
        secure = parts.scheme == "smtps"
        return cls(
            parts.hostname, port or (465 if secure else 587), _security(parts),
            unquote(parts.username or ""), unquote(parts.password or ""), sender,
        )  # fmt: skip


_BAD_URL = "BUSSOLA_SMTP_URL deve essere come smtp://utente:parola@posta.example:587"


def _security(parts: SplitResult) -> str:
    if parts.scheme == "smtps":
        return "tls"
    return "no" if "tls=no" in parts.query else "starttls"


def mailer_of(settings: Settings) -> Mailer | None:
    """The mail server of the settings, None where they have none. Raises MailError."""
    return Mailer.parse(settings.smtp_url, settings.smtp_from) if settings.smtp_url else None


def new_mail(subject: str, sender: str, to: str) -> EmailMessage:
    """A message without a text, marked as written by a program."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"], message["To"] = sender, to
    message["Message-ID"] = make_msgid(domain=sender.partition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    return message


def send_mail(message: EmailMessage, mailer: Mailer) -> None:
    """Give a message to the mail server. Raises NotSentError."""
    try:
        with _connect(mailer) as smtp:
            if mailer.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if mailer.user:
                smtp.login(mailer.user, mailer.password)
            smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotSentError("refused", for_good=all(code >= 500 for code in codes)) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSentError(type(error).__name__) from error


def _connect(mailer: Mailer) -> smtplib.SMTP:
    if mailer.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(mailer.host, mailer.port, timeout=TIMEOUT_S, context=context)
    return smtplib.SMTP(mailer.host, mailer.port, timeout=TIMEOUT_S)
