"""Tokens: hashed, compared safely, with roles, revocable, locked out after failures."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from chatbot import problem
from chatbot.__main__ import app as command_line
from chatbot.http import access
from chatbot.http.access import AccessError, Gate, Holder, Keyring, require
from chatbot.journal.reading import audit_lines
from chatbot.journal.writer import Journal
from chatbot.parts import provide


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "tokens.json")


@pytest.fixture
def app(keyring: Keyring, tmp_path: Path) -> FastAPI:
    """An application with one route for editors and one for both roles."""
    app = FastAPI()
    problem.install(app)
    provide(app, Gate(keyring), Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}"))

    @app.post("/publish")
    async def publish(holder: Holder = Depends(require("editor"))) -> str:  # noqa: B008
        return holder.name

    @app.get("/read")
    async def read(holder: Holder = Depends(require("editor", "evaluator"))) -> str:  # noqa: B008
        return holder.name

    return app


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_file_holds_no_token_and_only_its_owner_reads_it(
    keyring: Keyring, tmp_path: Path
) -> None:
    """What is stored is a digest: the file alone opens no door."""
    token = keyring.create("redazione", "editor")
    file = tmp_path / "tokens.json"
    assert token not in file.read_text()
    assert token.removeprefix("bussola_") not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [h.name for h in keyring.holders()] == ["redazione"]
    assert keyring.find(token) == keyring.holders()[0]
    assert keyring.find(keyring.holders()[0].digest) is None


def test_a_token_has_256_random_bits(keyring: Keyring) -> None:
    """Two tokens are different and as long as 32 random bytes make them."""
    tokens = {keyring.create(f"r{n}", "editor") for n in range(5)}
    assert len(tokens) == 5
    assert {len(t) for t in tokens} == {len("bussola_") + 43}


def test_all_digests_are_compared_in_constant_time(
    keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every holder is compared, through hmac.compare_digest, whichever one matches."""
    first = keyring.create("prima", "editor")
    keyring.create("seconda", "editor")
    compared: list[str] = []
    real = access.hmac.compare_digest

    def counting(a: str, b: str) -> bool:
        compared.append(a)
        return real(a, b)

    monkeypatch.setattr(access.hmac, "compare_digest", counting)
    assert keyring.find(first) is not None
    assert len(compared) == 2


def test_roles_open_their_own_doors(app: FastAPI, keyring: Keyring) -> None:
    """An evaluator reads and does not publish; nobody enters without a token."""
    editor, evaluator = keyring.create("e", "editor"), keyring.create("v", "evaluator")
    client = TestClient(app)
    assert client.post("/publish", headers=bearer(editor)).json() == "e"
    assert client.get("/read", headers=bearer(evaluator)).json() == "v"
    assert client.post("/publish", headers=bearer(evaluator)).status_code == 403
    refused = client.get("/read")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_a_revoked_token_stops_at_once(app: FastAPI, keyring: Keyring, tmp_path: Path) -> None:
    """Another process revokes; the running server, which holds the file read, refuses."""
    token = keyring.create("e", "editor")
    client = TestClient(app)
    assert client.get("/read", headers=bearer(token)).status_code == 200
    Keyring(tmp_path / "tokens.json").revoke("e")
    assert client.get("/read", headers=bearer(token)).status_code == 401


def test_an_address_that_fails_five_times_is_locked_out(app: FastAPI, keyring: Keyring) -> None:
    """After five wrong tokens even the right one is refused from there, with Retry-After; another
    address is not affected, and a request without a token is no failure."""
    token = keyring.create("e", "editor")
    client = TestClient(app, client=("198.51.100.1", 1))
    for _ in range(10):
        assert client.get("/read").status_code == 401
    for n in range(5):
        assert client.get("/read", headers=bearer(f"bussola_{n}")).status_code == 401
    locked = client.get("/read", headers=bearer(token))
    assert locked.status_code == 429
    assert 800 <= int(locked.headers["Retry-After"]) <= 900
    other = TestClient(app, client=("198.51.100.2", 1))
    assert other.get("/read", headers=bearer(token)).status_code == 200


def test_the_lockout_ends(keyring: Keyring) -> None:
    """When the window is over the right token enters again."""
    token = keyring.create("e", "editor")
    gate = Gate(keyring, "2 per 1 second")
    for _ in range(2):
        with pytest.raises(access.HTTPException):
            gate.enter("bussola_x", "a")
    with pytest.raises(access.HTTPException) as locked:
        gate.enter(token, "a")
    assert locked.value.status_code == 429
    started = datetime.now(UTC)
    while (datetime.now(UTC) - started).total_seconds() < 1.2:
        pass
    assert gate.enter(token, "a").name == "e"


@pytest.mark.parametrize("text", ["", "[", "{}", '[{"name": "x"}]', "[1]"])
def test_a_broken_file_lets_nobody_in(app: FastAPI, tmp_path: Path, text: str) -> None:
    """A damaged file closes the desk with a problem document, not an error page."""
    (tmp_path / "tokens.json").write_text(text)
    response = TestClient(app).get("/read", headers=bearer("bussola_x"))
    assert response.status_code in (401, 503)
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["", "a" * 65, "a\nb", "<b>"])
def test_names_that_would_confuse_a_log_are_refused(keyring: Keyring, name: str) -> None:
    with pytest.raises(AccessError):
        keyring.create(name, "editor")


def test_a_name_has_one_token_and_roles_are_two(keyring: Keyring) -> None:
    """A second token for a name, an unknown role and an unknown name are refused."""
    keyring.create("e", "editor")
    for attempt in (lambda: keyring.create("e", "editor"), lambda: keyring.create("f", "admin"),
                    lambda: keyring.revoke("g")):  # fmt: skip
        with pytest.raises(AccessError):
            attempt()


def test_the_command_line_makes_lists_and_revokes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`token create|list|revoke` work, leave an audit line and never print a token twice."""
    monkeypatch.setenv("BUSSOLA_VAR", str(tmp_path))
    run = CliRunner().invoke
    made = run(command_line, ["token", "create", "redazione", "editor"])
    assert made.exit_code == 0
    token = made.stdout.strip()
    assert Keyring(tmp_path / "tokens.json").find(token) is not None
    listed = run(command_line, ["token", "list"])
    assert listed.stdout.startswith("redazione\teditor\t")
    assert token not in listed.stdout
    assert run(command_line, ["token", "revoke", "redazione"]).exit_code == 0
    assert run(command_line, ["token", "revoke", "redazione"]).exit_code == 1
    assert json.loads((tmp_path / "tokens.json").read_text()) == []
    journal = Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    lines = [(line.action, line.detail) for line in audit_lines(journal.engine)]
    journal.close()
    assert lines == [("token revoke", "redazione"), ("token create", "redazione (editor)")]
