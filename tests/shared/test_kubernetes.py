"""The manifests of Kubernetes pass its schemas, and what runs by them is closed and watched."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import pytest
import yaml
from folders import ROOT
from kubernetes_validate import ValidationError
from typer.testing import CliRunner

from chatbot.__main__ import app
from chatbot.settings import Settings

FOLDER = ROOT / "docs/deploy/kubernetes"
VERSIONS = ("1.33", "1.35", "1.37")
Manifest = dict[str, Any]


def manifests() -> list[Manifest]:
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))["resources"]
    return [one for name in listed for one in yaml.safe_load_all((FOLDER / name).read_text())]


ALL = manifests()


def one(kind: str) -> Manifest:
    (found,) = (manifest for manifest in ALL if manifest["kind"] == kind)
    return found


PODS = {kind: one(kind)["spec"]["template"] for kind in ("Job", "Deployment")}


def containers() -> Iterator[Manifest]:
    for pod in PODS.values():
        yield from (*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"])


def test_every_file_is_applied() -> None:
    """None lies there for nothing."""
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))["resources"]
    files = {file.name for file in FOLDER.glob("*.yaml")}
    assert set(listed) == files - {"kustomization.yaml"}
    assert len(ALL) > 6


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schemas_find_nothing(version: str) -> None:
    """Of several versions of Kubernetes, with no field unknown; a field misspelt is found."""
    for manifest in ALL:
        kubernetes_validate.validate(manifest, version, strict=True)
    wrong = copy.deepcopy(one("Deployment"))
    wrong["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    with pytest.raises(ValidationError):
        kubernetes_validate.validate(wrong, version, strict=True)


def test_what_runs_has_no_rights() -> None:
    """As the user of the image, over a root that is read only, with bounds on what it takes."""
    user = re.findall(r"^USER (\d+):", (ROOT / "Containerfile").read_text("utf-8"), re.MULTILINE)
    for pod in PODS.values():
        assert pod["spec"]["automountServiceAccountToken"] is False
        closed = pod["spec"]["securityContext"]
        assert (closed["runAsNonRoot"], [str(closed["runAsUser"])]) == (True, user)
        assert closed["seccompProfile"] == {"type": "RuntimeDefault"}
        assert all("sizeLimit" in volume["emptyDir"] for volume in pod["spec"]["volumes"])
    for container in containers():
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
        assert container["resources"]["limits"].keys() >= {"cpu", "memory"}
        assert container["resources"]["requests"].keys() >= {"cpu", "memory"}
        assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/app/var", "/tmp"}


def test_a_server_is_watched_and_never_the_last() -> None:
    """What says that it lives asks nothing of the database; the budget, the service and the way in
    mean the servers; a new one is ready before an old one goes, which drains before it ends."""
    server = one("Deployment")
    (container,) = PODS["Deployment"]["spec"]["containers"]
    asked = {name: container[f"{name}Probe"]["httpGet"]["path"]
             for name in ("startup", "liveness", "readiness")}  # fmt: skip
    assert asked == {"startup": "/api/live", "liveness": "/api/live", "readiness": "/api/ready"}
    assert server["spec"]["replicas"] > one("PodDisruptionBudget")["spec"]["minAvailable"] >= 1
    assert server["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    labels = PODS["Deployment"]["metadata"]["labels"]
    for selected in (server["spec"]["selector"]["matchLabels"], one("Service")["spec"]["selector"],
                     one("PodDisruptionBudget")["spec"]["selector"]["matchLabels"]):  # fmt: skip
        assert selected == labels
    held = one("NetworkPolicy")["spec"]["podSelector"]["matchLabels"].items()
    assert all(held <= pod["metadata"]["labels"].items() for pod in PODS.values())
    stop = container["lifecycle"]["preStop"]["exec"]["command"]
    assert PODS["Deployment"]["spec"]["terminationGracePeriodSeconds"] > int(stop[1]) + 8


def test_what_is_set_and_begun_is_there() -> None:
    """Settings by their names; commands as the program has them; one image."""
    for name in one("ConfigMap")["data"]:
        assert name.removeprefix("BUSSOLA_").lower() in Settings.model_fields
    (image,) = {container["image"] for container in containers()}
    images = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))["images"]
    assert [known["name"] for known in images] == [image]
    commands = [container["command"][1:] for container in containers()]
    assert commands[-1] == ["server.py"]
    for module, room, *words in commands[:-1]:
        assert (module, room) == ("-m", "chatbot")
        found = CliRunner().invoke(app, [*words, "--help"])
        assert found.exit_code == 0, found.output
