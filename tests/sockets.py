"""Requests to a real server, byte by byte."""

from __future__ import annotations

import socket

import httpx

QUESTION = {"question": "Quanto dura il tirocinio?"}


def connect(site: str) -> socket.socket:
    host, port = site.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def post(body: bytes, path: str = "/api/chat", length: int | None = None) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    )
    return head.encode() + body


def read_all(connection: socket.socket) -> bytes:
    data = b""
    while part := connection.recv(65_536):
        data += part
    return data


def healthy(site: str) -> None:
    assert httpx.get(f"{site}/api/health", timeout=10).json()["status"] == "ok"
