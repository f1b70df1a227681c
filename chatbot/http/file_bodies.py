"""Files that come in or go out as the body itself, as the OpenAPI document tells them."""

from __future__ import annotations

from typing import Any

_BYTES = {"schema": {"type": "string", "format": "binary"}}
# the `openapi_extra` of a route that takes a file
FILE_IN: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _BYTES}}
}


def file_out(media_type: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that gives a file."""
    return {200: {"content": {media_type: _BYTES}}}
