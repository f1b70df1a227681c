"""What the project is made of is locked, listed and linted."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from folders import ROOT


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_every_version_is_locked(name: str) -> None:
    """Each line of a lock file names one version of a package of a registry: what pip-audit
    needs."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith((" ", "#", "--"))]
    assert len(packages) > 50
    assert [p for p in packages if not re.fullmatch(r"[A-Za-z0-9._-]+==[^ ;]+( ;.*)?", p)] == []


def test_the_bundled_editor_is_locked_and_credited() -> None:
    """Its licences name every package that is in it, at the version of the lock, which says what
    each file must be; it is one file that asks for no other."""
    folder = ROOT / "chatbot/web/vendor/codemirror"
    locked = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    named = dict(line.split() for line in (folder / "LICENSE").read_text("utf-8").splitlines()
                 if re.fullmatch(r"[@a-z][\w@/-]+ \d+\.\d+\.\d+", line))  # fmt: skip
    assert {"@codemirror/view", "@lezer/markdown", "style-mod"} <= set(named)
    assert named == {name: locked[f"node_modules/{name}"]["version"] for name in named}
    assert all(one["integrity"].startswith("sha512-") for path, one in locked.items() if path)
    bundle = (folder / "codemirror.js").read_text("utf-8")
    assert "LICENSE" in bundle.split("\n")[0]
    assert not re.search(r"(?:\bfrom|\bimport) ?\(?[\"']", bundle)


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


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_the_bill_of_materials_lists_what_is_locked(tmp_path: Path) -> None:
    """The command of `make sbom` writes CycloneDX with every locked package that is installed,
    at its version, and nearly all with a licence."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (line,) = re.findall(r"^\t\$\(BIN\)/(cyclonedx-py .+)$", makefile, re.MULTILINE)
    out = tmp_path / "sbom.json"
    python = Path(sys.executable)
    words = line.replace("$(BIN)/python", str(python)).replace("var/sbom.json", str(out)).split()
    command = [str(python.with_name(words[0])), *words[1:]]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=900)
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["bomFormat"] == "CycloneDX"
    versions = {c["name"].lower().replace("_", "-"): c["version"] for c in found["components"]}
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    locked = dict(re.match(r"([\w.-]+)==([^ ;]+)", line).groups() for line in lines
                  if re.match(r"[\w.-]+==", line))  # fmt: skip
    assert {name: versions.get(name.lower()) for name in locked} == locked
    licensed = sum(bool(component.get("licenses")) for component in found["components"])
    assert licensed > 0.95 * len(found["components"])


NAMED = re.compile(r"`((?:\w+/)*test_\w+\.py)(?:::(\w+))?`|`::(\w+)`")


def test_every_threat_names_tests_that_exist() -> None:
    """Each row of the threat model names a test file or a test in it, and it is there."""
    text = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 15
    for row in rows:
        found = list(NAMED.finditer(row.rsplit("|", 2)[1]))
        assert found, row
        file = ""
        for name in found:
            file = name[1] or file
            tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
            tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            assert tests
            assert (name[2] or name[3] or min(tests)) in tests, (file, name[0])


def test_every_command_of_the_figures_exists() -> None:
    """The table of trust names test files, words of tests, and targets of make that are there; its
    commands are run by `test_commands.py`."""
    text = (ROOT / "docs/trust.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.findall(r"`((?:pytest|make) [^`]+)`", text)
    assert len(commands) > 9
    for command in commands:
        words = command.split()
        if words[0] == "pytest":
            source = (ROOT / words[1]).read_text(encoding="utf-8")
            if "-k" in words:
                names = re.findall(r"^def (test_\w+)", source, re.MULTILINE)
                assert any(words[words.index("-k") + 1] in name for name in names), command
        else:
            assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), command
