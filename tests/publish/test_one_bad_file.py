"""fm-12-one-bad-file: an urgent change goes out though another file is broken; and what is
searched after guides were deleted (idx-04)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_encoder import made_encoder
from small import edit, small_folder
from typer.testing import CliRunner

from index.__main__ import app, describe
from index.encode.encoder import Encoder
from index.finding import GuidesRejected
from index.publish.build import build
from index.publish.snapshot import load_current

BROKEN = "schede/codice-fiscale.md"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return made_encoder()


@pytest.mark.parametrize("text", ["", "---\ntitolo: [\n---\n\n# A\n", "# A\n\n[a](nulla.md)\n"])
def test_fm_12_a_broken_file_stays_as_it_is_published(
    text: str, tmp_path: Path, encoder: Encoder
) -> None:
    """Emptied by a synchroniser, unreadable, with a dead link: told, its published guide stays, and
    the urgent change is out; a new file that is broken is left out. Mended, it is read again."""
    guides, var = small_folder(tmp_path / "guides"), tmp_path / "var"
    edit(guides, "prima")
    build(guides, var, encoder)
    good = (guides / BROKEN).read_text("utf-8")
    (guides / BROKEN).write_text(text, encoding="utf-8")
    (guides / "schede/nuova.md").write_text("", encoding="utf-8")
    edit(guides, "urgente")
    with pytest.raises(GuidesRejected):
        build(guides, var, encoder)
    summary = build(guides, var, encoder, keep=True)
    assert {told.split(":")[0] for told in summary.kept} == {BROKEN, "schede/nuova.md"}
    assert f"Resta come era pubblicato, da correggere: {BROKEN}:" in describe(summary)
    snapshot = load_current(var)
    assert any("urgente" in p.text for p in snapshot.passages)
    assert snapshot.guides["codice-fiscale"].markdown.startswith(good[:200])
    assert "nuova" not in snapshot.guides
    (guides / BROKEN).write_text(good.replace("\n# ", "\n# ") + "\nMessa a posto.\n", "utf-8")
    (guides / "schede/nuova.md").unlink()
    assert build(guides, var, encoder, keep=True).kept == ()


def test_nothing_was_published_yet(tmp_path: Path, encoder: Encoder) -> None:
    """Then there is nothing that may stand in: the errors are told as ever."""
    guides = small_folder(tmp_path / "guides")
    (guides / BROKEN).write_text("", encoding="utf-8")
    with pytest.raises(GuidesRejected):
        build(guides, tmp_path / "var", encoder, keep=True)


def test_the_command_has_the_option() -> None:
    help_text = CliRunner().invoke(app, ["build", "--help"]).output
    assert "--keep" in help_text


def test_idx_04_after_half_the_guides_are_gone_every_hit_is_alive(
    tmp_path: Path, encoder: Encoder
) -> None:
    """As many are found as are asked for, none of them deleted: words, vectors and questions."""
    for n in range(20):
        text = f"# Guida {n}\n\n" + "".join(f"La voce {n} numero {i}.\n\n" for i in range(3))
        (tmp_path / "guides").mkdir(exist_ok=True)
        (tmp_path / f"guides/g{n}.md").write_text(text, encoding="utf-8")
    build(tmp_path / "guides", tmp_path / "var", encoder)
    for n in range(0, 20, 2):
        (tmp_path / f"guides/g{n}.md").unlink()
    build(tmp_path / "guides", tmp_path / "var", encoder)
    snapshot = load_current(tmp_path / "var")
    assert {int(p.guide[1:]) % 2 for p in snapshot.passages} == {1}
    for store in (snapshot.store, snapshot.asked):
        rows, _ = store.nearest(snapshot.vectors[0], 10)
        assert len(set(rows)) == 10
    scores = snapshot.lexical.scores_of(["voc"], np.arange(len(snapshot.passages)))
    assert len(scores) == len(snapshot.passages)
