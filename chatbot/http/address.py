"""Where others reach us."""

from __future__ import annotations

from fastapi import Request

from chatbot.parts import part
from chatbot.settings import Settings


def public_base(request: Request) -> str:
    """The address others reach us at, without a final slash: as set, or as this request came."""
    settings = part(request.app, Settings)
    here = f"{str(request.base_url).rstrip('/')}{settings.root_path}"
    return (settings.public_address or here).rstrip("/")
