"""Settings, from the environment (`BUSSOLA_…`) or a `.env` file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
ModelUse = Literal["point", "understand"]
MOST_SHOWN = 240  # sentences that a model reads at a time


def _origin(text: str) -> str:
    """`https://rete.example`, as a browser says it; a slash at the end and capitals are taken away.
    Raises ValueError for an address with a path, or without a scheme."""
    parts = urlsplit(text.strip())
    named = parts.scheme in ("http", "https") and parts.netloc and "@" not in parts.netloc
    if not named or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(f"«{text}» non è l'origine di un sito: scrivila come https://rete.example")
    default = {"http": ":80", "https": ":443"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"


def _address(text: str) -> str:
    """An e-mail address, and nothing that a header of a message would take for more. Raises
    ValueError."""
    name, _, domain = text.strip().rpartition("@")
    if not name or not domain or any(c.isspace() or c in ',;<>"' for c in text.strip()):
        raise ValueError(f"«{text}» non è un indirizzo e-mail: scrivilo come nome@rete.example")
    return text.strip()


def _postgresql(url: SecretStr) -> SecretStr:
    """Raises ValueError, whose message never holds the URL: it may carry a password."""
    if url.get_secret_value() and not url.get_secret_value().startswith("postgresql+psycopg://"):
        raise ValueError("l'indirizzo comincia con postgresql+psycopg://")
    return url


def _root_path(text: str) -> str:
    """`/nord`, or nothing. Raises ValueError for what is no plain path."""
    path = text.strip().rstrip("/")
    if path and not re.fullmatch(r"(/[a-z0-9][a-z0-9-]*)+", path):
        raise ValueError(f"«{text}» non è un percorso: scrivilo come /nord, in minuscolo")
    return path


Address = Annotated[str, AfterValidator(_address)]
Origin = Annotated[str, AfterValidator(_origin)]


class Settings(BaseSettings):
    """Every setting of the server; each one is described in `docs/settings.md`."""

    # what is refused is not told: it may hold a password
    model_config = SettingsConfigDict(
        env_prefix="BUSSOLA_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    # several networks in one process (chatbot/hosting/); without it there is one
    networks: Path | None = None
    guides: Path = Path("guides")
    var: Path = Path("var")
    # what the impact of a draft is measured with; the default is the project's own
    cases: Path | None = None
    model: str = "bussola-e5-small"
    # a cross-encoder of sentence-transformers, by name or path, that reads the best passages
    reader: str = Field(default="", max_length=300)
    threads: int | None = Field(default=None, ge=1, le=64)
    allowed_origins: list[Origin] = []
    max_body_bytes: int = Field(default=128_000, ge=2_000)
    max_file_bytes: int = Field(default=10_000_000, ge=2_000)
    # name, colours and contacts of the network; the default is chatbot/web/brand.toml
    brand_file: Path | None = None
    # where operators reach the service: the base of the addresses in QR codes and in the feed
    public_address: str | None = None
    # the path that the service stands under on its site; its own addresses begin after it
    root_path: Annotated[str, AfterValidator(_root_path)] = ""
    reload_seconds: float = Field(default=1.0, gt=0)
    # a collector of OpenTelemetry (OTLP over HTTP, `…/v1/traces`); empty traces nothing
    traces_address: str = ""
    # what several servers share, in one PostgreSQL; empty is SQLite and files in var
    database_url: Annotated[SecretStr, AfterValidator(_postgresql)] = SecretStr("")
    # passages from which a snapshot is searched there (pgvector), in place of the memory of each
    # server
    search_in_database_from: int = Field(default=200_000, ge=0)
    # the journal: empty is the database above, SQLite in var where there is none; a URL is another
    # database, "off" keeps nothing
    journal_url: str = ""
    retention_days: int = Field(default=180, ge=1)
    # answers of each week, drawn to be judged for all of them; 0 draws none
    sample_per_week: int = Field(default=20, ge=0, le=500)
    # slips sent to services: nothing is sent until a way, an office and our own address are set
    smtp_url: str = ""
    smtp_from: str = ""
    referral_webhooks: dict[str, str] = {}
    referral_secret: str = ""
    referral_offices: dict[str, str] = {}
    referral_days: int = Field(default=30, ge=1)
    # the summary of what the editors have to review: to whom, on which day of the week
    digest_to: list[Address] = []
    digest_day: Weekday | Literal["every day"] = "monday"
    # people: how long a sign-in lasts, and whether a second person approves what is published
    session_hours: float = Field(default=12, gt=0, le=720)
    four_eyes: bool = False
    # the organisation's own sign-in (OpenID Connect); empty is names and passphrases alone
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "l'accesso dell'organizzazione"
    oidc_role: Literal["operator", "editor", "reviewer", "evaluator"] = "operator"
    # addresses or networks of reverse proxies whose X-Forwarded-For is believed
    trusted_proxies: list[str] = []
    frame_origins: list[Origin] = []
    widget_keys: dict[str, list[Origin]] = {}
    # in the words of the library `limits`; an office shares one address
    ask_rate: str = "120 per minute"
    conversation_rate: str = "20 per minute"
    global_rate: str = "1800 per minute"
    read_rate: str = "600 per minute"
    # a program asks for many people: with a token of its own (`bussola chatbot token`) it has its
    # own rate, in place of that of its address
    program_rate: str = "600 per minute"
    programs_need_token: bool = False
    # in a burst; when that is not enough, only one waits for a while (chatbot/shield/queue.py)
    max_in_flight: int = Field(default=16, ge=1)
    body_seconds: float = Field(default=10.0, gt=0)
    # an optional language model: off until it has an address, a name and a use
    llm_address: str = ""
    llm_model: str = ""
    llm_key: SecretStr = SecretStr("")
    llm_uses: list[ModelUse] = []
    llm_seconds: float = Field(default=8.0, gt=0, le=600)
    llm_sentences: int = Field(default=MOST_SHOWN, ge=1, le=MOST_SHOWN)
    llm_budget: str = "600 per hour"

    @model_validator(mode="after")
    def _journal_in_the_database(self) -> Settings:
        """Where nothing else is said the journal is in the shared database."""
        self.journal_url = self.journal_url.strip() or self.database_url.get_secret_value()
        return self
