"""What the project is made of is locked, listed and linted."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_every_version_is_locked(name: str) -> None:
    """Each line of a lock file names one version of a package of a registry: what pip-audit
    needs."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith((" ", "#", "--"))]
    assert len(packages) > 50
    assert [p for p in packages if not re.fullmatch(r"[A-Za-z0-9._-]+==[^ ;]+( ;.*)?", p)] == []


def test_the_container_file_passes_the_linter() -> None:
    """hadolint finds nothing; the image runs as an ordinary user and has a health check."""
    linter = Path(sys.executable).with_name("hadolint")
    file = ROOT / "Containerfile"
    found = subprocess.run([linter, "--no-color", file], capture_output=True, text=True, timeout=60)
    assert (found.returncode, found.stdout) == (0, "")
    text = file.read_text(encoding="utf-8")
    users = re.findall(r"^USER (.+)$", text, re.MULTILINE)
    assert users
    assert not users[-1].startswith(("root", "0"))
    assert "HEALTHCHECK" in text


def test_the_unit_is_closed_by_default() -> None:
    """The systemd unit keeps its own user, a read-only system and no network but the loopback."""
    lines = (ROOT / "docs/deploy/bussola.service").read_text(encoding="utf-8").splitlines()
    for setting in (
        "DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "IPAddressDeny=any",
        "CapabilityBoundingSet=", "UMask=0077",
    ):  # fmt: skip
        assert setting in lines
