"""What deploy/ holds, checked by the linters of its formats and against what Jisr itself knows. Nothing is run.

The linters are programs that deploy/linters.txt lists; where one is not installed, its checks are skipped.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from search.settings import Settings, variable
from tests.conftest import REPOSITORY
from web.api.operation import router

DEPLOY = REPOSITORY / "deploy"
GUIDES = [REPOSITORY / "docs" / name for name in ("DEPLOYMENT.md", "SCALE.md")]
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
NOT_OF_KUBERNETES = {"kustomization.yaml", "milvus-values.yaml", "ray.yaml"}


def lint(program: str, *arguments: str | Path) -> None:
    """Run a linter, which has to find nothing."""
    found = shutil.which(program, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if not found:
        pytest.skip(f"{program} is not installed: pip install --requirement deploy/linters.txt")
    done = subprocess.run([found, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def documents(file: Path) -> list[dict[str, Any]]:
    """What a YAML file holds."""
    return [one for one in yaml.safe_load_all(file.read_text("utf-8")) if one]


def manifests(*kinds: str) -> list[dict[str, Any]]:
    """The Kubernetes objects of these kinds."""
    return [one for file in MANIFESTS for one in documents(file) if one.get("kind") in kinds]


def pods() -> list[dict[str, Any]]:
    """The specs of all pods that the manifests make, those of Ray among them."""
    found = [one["spec"]["template"]["spec"] for one in manifests("Deployment")]
    found += [one["spec"]["jobTemplate"]["spec"]["template"]["spec"] for one in manifests("CronJob")]
    for ray in manifests("RayCluster"):
        groups = [ray["spec"]["headGroupSpec"], *ray["spec"]["workerGroupSpecs"]]
        found += [group["template"]["spec"] for group in groups]
    return found


def compose() -> dict[str, Any]:
    """The services of the compose file."""
    (file,) = documents(DEPLOY / "compose.yaml")
    return file


def test_the_containerfile_pleases_its_linter() -> None:
    lint("hadolint", DEPLOY / "Containerfile")


def test_yaml_pleases_its_linter() -> None:
    lint("yamllint", "--strict", "--config-file", DEPLOY / ".yamllint.yaml", DEPLOY)


def test_the_compose_file_keeps_to_the_specification() -> None:
    lint("check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


@pytest.mark.parametrize(
    "file", [one for one in MANIFESTS if one.name not in NOT_OF_KUBERNETES], ids=lambda one: one.name
)
def test_manifests_keep_to_the_schemas_of_kubernetes(file: Path) -> None:
    lint("kubernetes-validate", "--strict", file)


def test_pods_of_ray_keep_to_the_schema_of_pods(tmp_path: Path) -> None:
    """Whose own kind has no schema that is at hand; its pods are pods."""
    file = tmp_path / "pods.yaml"
    specs = [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"pod-{place}"}, "spec": spec}
        for place, spec in enumerate(pods())
    ]
    file.write_text(yaml.safe_dump_all(specs), "utf-8")
    lint("kubernetes-validate", "--strict", file)


def test_every_setting_that_is_named_exists() -> None:
    files = [file for file in DEPLOY.rglob("*") if file.is_file()]
    named = {
        name for file in [*files, *GUIDES] for name in re.findall(r"\bJISR_[A-Z]+(?:_[A-Z]+)*", file.read_text("utf-8"))
    }
    reference = (REPOSITORY / "docs" / "CLI.md").read_text("utf-8")
    known = {variable(setting) for setting in fields(Settings)} | set(re.findall(r"JISR_[A-Z_]+", reference))
    assert {"JISR_INDEX", "JISR_CACHE"} <= named
    assert named <= known


def test_every_command_and_option_that_is_named_exists() -> None:
    reference = (REPOSITORY / "docs" / "CLI.md").read_text("utf-8")
    helps = {part.partition("`")[0]: part for part in reference.split("## `jisr ")[1:]}
    guides = "\n".join(guide.read_text("utf-8") for guide in GUIDES)
    commands = [line.split() for line in re.findall(r"(?m)^\$ (?:\S+=\S+ )*jisr ([^#\n]+)", guides)]
    commands += [one["command"][1:] for one in compose()["services"].values() if one.get("command", [""])[0] == "jisr"]
    commands += [one["args"][1:] for pod in pods() for one in pod["containers"] if "args" in one]
    assert commands
    for command, *arguments in commands:
        assert command in helps
        options = {argument for argument in arguments if argument.startswith("--")}
        assert all(option in helps[command] for option in options)


def test_probes_ask_what_the_server_answers() -> None:
    paths = {route.path for route in router.routes}  # type: ignore[attr-defined]
    (server,) = (one for pod in pods() for one in pod["containers"] if "readinessProbe" in one)
    assert server["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert server["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert {"/readyz", "/healthz"} <= paths
    assert "127.0.0.1:8000/readyz" in (DEPLOY / "Containerfile").read_text("utf-8")


def test_a_probe_waits_longer_than_a_call_to_milvus() -> None:
    (settings,) = manifests("ConfigMap")
    (server,) = (one for pod in pods() for one in pod["containers"] if "readinessProbe" in one)
    assert server["readinessProbe"]["timeoutSeconds"] > float(settings["data"]["JISR_TIMEOUT"])


def test_pods_have_no_privileges() -> None:
    assert len(pods()) == 4
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"]
        for container in pod["containers"]:
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]


def test_images_are_pinned() -> None:
    images = {one["image"] for one in compose()["services"].values()}
    images |= {one["image"] for pod in pods() for one in pod["containers"]} - {"jisr"}  # which kustomize names
    tags = [image.rpartition("/")[2].partition(":")[2] for image in images]
    assert all(tag and tag != "latest" for tag in tags)


def test_services_wait_for_what_can_tell_that_it_is_healthy() -> None:
    services = compose()["services"]
    for service in services.values():
        for name, wait in service.get("depends_on", {}).items():
            assert wait["condition"] == "service_healthy"
            assert "healthcheck" in services[name]


def test_secrets_are_examples_and_volumes_are_declared() -> None:
    for service in compose()["services"].values():
        if "env_file" in service:
            assert (DEPLOY / f"{service['env_file']}.example").is_file()
        named = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert {name for name in named if name.isalpha()} <= set(compose()["volumes"])
    assert (DEPLOY / "env" / ".gitignore").read_text("utf-8").split() == ["*.env"]


def test_the_image_is_made_of_all_that_the_package_is() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    package = [name.lstrip("/") for name in project["tool"]["hatch"]["build"]["targets"]["wheel"]["include"]]
    copied = " ".join(re.findall(r"(?m)^COPY (?!--from)(.+)$", (DEPLOY / "Containerfile").read_text("utf-8"))).split()
    let_in = (DEPLOY / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    for name in [*package, *project["project"]["license-files"], project["project"]["readme"], "constraints.txt"]:
        assert name in copied
        assert f"!{name}" in let_in


def test_ray_is_the_same_everywhere() -> None:
    """KubeRay asks for the version by itself, and one cluster takes no other."""
    (ray,) = manifests("RayCluster")
    pinned = re.findall(r"(?m)^ray==(\S+)$", (REPOSITORY / "constraints.txt").read_text("utf-8"))
    assert pinned in ([], [ray["spec"]["rayVersion"]])  # none before the extra ray is there
