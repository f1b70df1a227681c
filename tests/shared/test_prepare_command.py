"""What a server needs before it starts is made by one command, as containers give it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from made_encoder import made_encoder
from small import edit, small_folder
from sqlalchemy import create_engine, inspect, text
from typer.testing import CliRunner, Result

from chatbot import prepare_command
from chatbot.__main__ import app
from index.publish.published import current_id


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["prepare", *words])


def said(result: Result) -> list[str]:
    """The lines of a command that succeeded, without those of the log."""
    assert result.exit_code == 0, result.output
    return [line for line in result.output.splitlines() if "[info" not in line and line]


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Builds take the encoder made for the tests; the folders that they were of."""
    built: list[Path] = []

    def load(var: Path) -> object:
        built.append(var)
        return made_encoder()

    monkeypatch.setattr(prepare_command, "load_encoder", load)
    return built


def at(folder: Path, monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    for name, value in {"var": str(folder / "var"), **more}.items():
        monkeypatch.setenv(f"BUSSOLA_{name.upper()}", value)


def test_one_publishes_and_the_others_fetch(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[Path]
) -> None:
    """Who may not build waits for the first edition; then every one has it, with the tables of
    journal and desk, and nothing is built again, whatever the guides of an image say."""
    guides = small_folder(tmp_path / "guides")
    at(tmp_path / "a", monkeypatch, guides=str(guides), database_url=database)
    waits = run("--no-build")
    assert (waits.exit_code, "ancora pubblicato niente" in waits.output) == (1, True)
    engine = create_engine(database)
    assert set(inspect(engine).get_table_names()) >= {"editions", "documents", "answers"}
    assert made == []
    first = said(run())
    assert first == [f"edizione 1, istantanea {current_id(tmp_path / 'a/var')}."]
    edit(guides, "rivista in un'altra immagine")
    at(tmp_path / "b", monkeypatch)
    for words in ((), ("--no-build",)):
        assert said(run(*words)) == first
    assert made == [tmp_path / "a/var"]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM editions")) == 1
    engine.dispose()


def test_a_machine_alone_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[Path]
) -> None:
    """What its guides say, each time."""
    guides = small_folder(tmp_path / "guides")
    at(tmp_path, monkeypatch, guides=str(guides))
    assert run().exit_code == 0
    before = current_id(tmp_path / "var")
    edit(guides, "rivista")
    assert said(run()) == [f"istantanea {current_id(tmp_path / 'var')}."]
    assert before != current_id(tmp_path / "var")
    assert len(made) == 2


def test_each_network_has_its_own(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schema and an edition each."""
    networks = {
        name: {"hosts": [f"{name}.example"], "guides": str(small_folder(tmp_path / name))}
        for name in ("nord", "sud")
    }
    (tmp_path / "networks.yaml").write_text(yaml.safe_dump(networks), encoding="utf-8")
    at(tmp_path, monkeypatch, networks=str(tmp_path / "networks.yaml"), database_url=database)
    names = [line.split(": edizione 1, ")[0] for line in said(run())]
    assert names == ["nord", "sud"]
    engine = create_engine(database)
    with engine.connect() as connection:
        for name in names:
            assert connection.scalar(text(f"SELECT n FROM {name}.editions")) == 1
    engine.dispose()


def test_guides_with_an_error_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[Path]
) -> None:
    """Line by line; nothing is published."""
    guides = small_folder(tmp_path / "guides")
    (guides / "schede/rotta.md").write_text("---\ntitolo: [\n---\n# Rotta\n", encoding="utf-8")
    at(tmp_path, monkeypatch, guides=str(guides))
    told = run()
    assert (told.exit_code, "schede/rotta.md" in told.output) == (1, True)
    assert current_id(tmp_path / "var") is None
