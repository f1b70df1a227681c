"""Servers are renewed one by one: a newer one changes the tables while older ones are at work, and
an older one that starts meanwhile finds its way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from asking import Asking, figures
from reporting import FIGURES
from several import a_server, built, until
from small import small_folder
from sqlalchemy import inspect, text

from chatbot.shared import cabinet
from chatbot.shared.cabinet import VERSION_TABLE, Cabinet, open_shared
from chatbot.shared.database import connect, migrate

FREE = "1000000 per minute"
LATER = '''"""What the next edition adds."""

import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{newest}"


def upgrade() -> None:
    op.add_column("documents", sa.Column("size", sa.Integer, nullable=False, server_default="0"))
    op.create_table("more", sa.Column("id", sa.Integer, primary_key=True))
'''


def newest(database: str) -> str:
    engine = connect(database)
    with engine.connect() as connection:
        found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    engine.dispose()
    return str(found)


@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("made")
def test_one_is_renewed_and_the_others_go_on(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, str], None],
) -> None:  # fmt: skip
    """Questions and their rows in the journal, without a pause; then an older server starts again
    over the newer tables, has its documents, and does not take the tables back."""
    for rate in ("ASK", "GLOBAL", "CONVERSATION"):
        monkeypatch.setenv(f"BUSSOLA_{rate}_RATE", FREE)
    guides = small_folder(tmp_path / "guide")
    built(guides, tmp_path / "var")
    with (
        a_server(tmp_path / "var", guides, database) as older,
        Asking([str(older.client.base_url)]) as asking,
    ):
        until(lambda: asking.rounds > 1)
        scripts = tmp_path / "migrations"
        shutil.copytree(cabinet._MIGRATIONS, scripts)
        (scripts / "versions/later.py").write_text(LATER.format(newest=newest(database)))
        renewed = connect(database)
        migrate(renewed, scripts, VERSION_TABLE)
        assert inspect(renewed).has_table("more")
        renewed.dispose()
        rounds = asking.rounds
        until(lambda: asking.rounds > rounds + 1)
        until(lambda: older.health()["journal"]["waiting"] == 0)
        assert older.health()["journal"]["refused"] == 0
        assert older.client.get("/api/ready").status_code == 200
    record_property(FIGURES, f"1 change of tables, {figures([asking])}")
    assert set(asking.statuses) == {200}
    assert len(asking.kept) == len(asking.told)
    with a_server(tmp_path / "var", guides, database) as again:
        assert again.ask().status_code == 200
        assert again.health()["shared"]["edition"] == 1
        engine = open_shared(database)
        drawer = Cabinet(Path(), engine).drawer("prove")
        drawer.write("uno", b"1")
        assert drawer.all() == {"uno": b"1"}
        engine.dispose()
    assert newest(database) == "later"
