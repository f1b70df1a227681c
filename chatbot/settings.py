"""Settings, from the environment (`BUSSOLA_…`) or a `.env` file."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting of the server; each one is described in `docs/settings.md`."""

    model_config = SettingsConfigDict(env_prefix="BUSSOLA_", env_file=".env", extra="ignore")

    guides: Path = Path("guides")
    var: Path = Path("var")
    model: str = "multilingual-e5-small"
    threads: int | None = Field(default=None, ge=1, le=64)
    allowed_origins: list[str] = []
    max_body_bytes: int = Field(default=64_000, ge=2_000)
    reload_seconds: float = Field(default=1.0, gt=0)
