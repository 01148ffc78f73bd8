"""The unit, the image, the proxy and the manifests: each passes its own tool, and names what the code has."""

import http.server
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import typer
import uvicorn
from kubernetes_validate import validate
from typer.core import TyperGroup

from fraudguard.cli.app import app
from fraudguard.serve.settings import Settings
from tests.deploy.tools import DEPLOY, VARIABLES, documents_of, run, served_paths, tool, variables_in
from tests.house.tree import ROOT
from tests.serve.certificates import Authority

UNIT: Final = DEPLOY / "systemd" / "fraudguard.service"
PROXY: Final = DEPLOY / "nginx" / "fraudguard.conf"
IMAGE: Final = DEPLOY / "docker" / "Dockerfile"
MANIFESTS: Final = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
OLDEST, NEWEST = "1.29", "1.37"


def defaults() -> dict[str, Any]:
    """Return the value of each setting that nobody sets."""
    return {name: field.default for name, field in Settings.model_fields.items()}


@pytest.mark.parametrize("path", [UNIT, IMAGE, PROXY, *MANIFESTS, DEPLOY / "README.md"], ids=lambda path: path.name)
def test_settings_exist(path: Path) -> None:
    """Every variable that an example sets or speaks of is one that the service reads; it would refuse to start otherwise."""
    named = variables_in(path.read_text("utf-8")) - {"FRAUDGUARD_SERVICE_HOST"}  # Kubernetes' own, switched off there

    assert named <= VARIABLES


def commands_in(text: str) -> Iterator[list[str]]:
    """Yield the words after each call of the program in the unit."""
    for line in re.findall(r"^Exec\w+=\S+/fraudguard (.+)$", text, re.MULTILINE):
        yield line.split()


def test_the_unit_runs_commands_that_exist() -> None:
    """What systemd starts and checks before is on the command line."""
    root = typer.main.get_command(app)
    found = list(commands_in(UNIT.read_text("utf-8")))

    assert ["serve"] in found
    for words in found:
        group = root
        for word in words:
            assert isinstance(group, TyperGroup)
            assert word in group.commands
            group = group.commands[word]


def test_the_unit_is_sound_and_locked(tmp_path: Path) -> None:
    """Systemd's own tool finds nothing wrong with it, and little that it leaves open."""
    analyze = tool("systemd-analyze")
    copy = tmp_path / UNIT.name
    program = str(Path(sys.executable).with_name("fraudguard"))
    copy.write_text(UNIT.read_text("utf-8").replace("/opt/fraudguard/bin/fraudguard", program), "utf-8")

    assert "fraudguard.service" not in run(analyze, "verify", copy)
    run(analyze, "security", "--offline=yes", "--threshold=20", copy)  # of 100; a plain unit has 96


def test_stopping_outlasts_the_drain() -> None:
    """Whoever stops the service waits longer than it takes to answer what is in flight."""
    drain_s = defaults()["drain_s"]
    of_systemd = int(re.findall(r"^TimeoutStopSec=(\d+)$", UNIT.read_text("utf-8"), re.MULTILINE)[0])
    of_kubernetes = statefulset()["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]

    assert min(of_systemd, of_kubernetes) >= 2 * drain_s


def test_the_proxy_is_sound(tmp_path: Path) -> None:
    """Nginx takes the file as it is, but for the place of certificates and logs."""
    nginx = tool("nginx")
    certificate, key = Authority(tmp_path).issue("fraudguard.bank.example")
    moved = PROXY.read_text("utf-8").replace("/var/log/nginx", str(tmp_path))
    moved = re.sub(r"/etc/fraudguard/tls/\S+\.pem", str(certificate), moved)
    moved = re.sub(r"/etc/fraudguard/tls/\S+\.key", str(key), moved)
    (tmp_path / "site.conf").write_text(moved, "utf-8")
    whole = f"pid {tmp_path}/pid; events {{}} http {{ include {tmp_path}/site.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole, "utf-8")

    assert "test is successful" in run(nginx, "-t", "-c", tmp_path / "nginx.conf", "-e", tmp_path / "error.log")


def locations() -> list[str]:
    """Return the paths that the proxy hands on."""
    return re.findall(r"location (?:= )?(\S+) \{(?!\s*return)", PROXY.read_text("utf-8"))


def test_the_proxy_leads_to_every_path_but_the_numbers(document: dict[str, Any]) -> None:
    """Each path of the service is reached, each location leads somewhere, and the metrics stay inside."""
    paths = served_paths(document)
    unreached = {path for path in paths if not any(path.startswith(location) for location in locations())}

    assert unreached == {"/metrics"}
    assert all(any(path.startswith(location) for path in paths) for location in locations())


def test_the_proxy_lets_through_what_the_service_takes() -> None:
    """Its largest bodies are the service's, and its connections end before the service ends them."""
    text = PROXY.read_text("utf-8")
    sizes = [
        int(number) * {"k": 1024, "m": 1024**2}[unit] for number, unit in re.findall(r"body_size (\d+)([km])", text)
    ]
    keepalive_s = int(re.findall(r"keepalive_timeout (\d+)s", text)[0])

    assert sizes == [defaults()["body_limit_bytes"], defaults()["batch_limit_bytes"]]
    assert keepalive_s < uvicorn.Config("app", log_config=None).timeout_keep_alive
    assert f"server 127.0.0.1:{defaults()['port']}" in text


def test_the_image_is_sound() -> None:
    """Hadolint finds nothing."""
    assert not run(tool("hadolint"), IMAGE)


def test_the_image_runs_as_nobody_in_particular() -> None:
    """The last stage ends as a user that is not root, the one that the manifests run it as."""
    last = IMAGE.read_text("utf-8").split("\nFROM ")[-1]
    user = re.findall(r"^USER (\d+):(\d+)$", last, re.MULTILINE)[-1]
    pod = statefulset()["spec"]["template"]["spec"]["securityContext"]

    assert user == (str(pod["runAsUser"]), str(pod["runAsGroup"]))
    assert user[0] != "0"


def test_the_image_is_built_from_files_that_are_sent() -> None:
    """Each file that is copied exists, and is not kept back by .dockerignore."""
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", IMAGE.read_text("utf-8"), re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    sent = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE))

    assert names
    assert set(names) <= sent
    assert all((ROOT / name).exists() for name in sent)


@contextmanager
def answering(status: int) -> Iterator[int]:
    """Give the port of a server that answers every request with a status."""

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("status", "is_healthy"), [(200, True), (503, False)])
def test_the_image_knows_whether_it_is_healthy(status: int, *, is_healthy: bool) -> None:
    """The check of the image passes when the service is ready, and fails when it answers 503."""
    (words,) = re.findall(r"^HEALTHCHECK .*\\\n +CMD (\[.+\])$", IMAGE.read_text("utf-8"), re.MULTILINE)
    with answering(status) as port:
        command = [sys.executable, *json.loads(words.replace(":8000", f":{port}"))[1:]]
        done = subprocess.run(command, capture_output=True, timeout=30, check=False)  # noqa: S603  # the image's own

    assert (done.returncode == 0) is is_healthy


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_manifests_fit_the_schema(path: Path, version: str) -> None:
    """Each manifest is what the oldest and the newest Kubernetes takes, without an unknown field."""
    for one in documents_of(path):
        validate(one, version, strict=True)


def statefulset() -> dict[str, Any]:
    """Return the manifest of the pod."""
    return documents_of(DEPLOY / "kubernetes" / "statefulset.yaml")[0]


def test_one_process_scores() -> None:
    """There is one replica, no more starts beside it, and no drain of a node takes it by the way."""
    (budget,) = documents_of(DEPLOY / "kubernetes" / "poddisruptionbudget.yaml")

    assert statefulset()["kind"] == "StatefulSet"
    assert statefulset()["spec"]["replicas"] == 1
    assert budget["spec"]["maxUnavailable"] == 0


def test_probes_ask_for_paths_that_are(document: dict[str, Any]) -> None:
    """Readiness decides on traffic, and only a process that no longer lives is killed."""
    (container,) = statefulset()["spec"]["template"]["spec"]["containers"]
    asked = {name: container[name]["httpGet"]["path"] for name in container if name.endswith("Probe")}

    assert asked == {"startupProbe": "/readyz", "readinessProbe": "/readyz", "livenessProbe": "/livez"}
    assert set(asked.values()) <= served_paths(document)


def test_pods_may_do_nothing_they_need_not() -> None:
    """Every container has a read-only root and no capability, and the pod no key to the cluster."""
    pod = statefulset()["spec"]["template"]["spec"]
    contexts = [one["securityContext"] for one in pod["containers"] + pod["initContainers"]]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    assert all(one["readOnlyRootFilesystem"] and one["capabilities"] == {"drop": ["ALL"]} for one in contexts)


def test_manifests_speak_of_the_same_pod() -> None:
    """Labels, ports and names fit together, and the settings leave no secret in the open."""
    by_kind = {one["kind"]: one for path in MANIFESTS for one in documents_of(path)}
    labels = statefulset()["spec"]["template"]["metadata"]["labels"]
    selectors = [
        by_kind["Service"]["spec"]["selector"],
        by_kind["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        by_kind["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
        by_kind["StatefulSet"]["spec"]["selector"]["matchLabels"],
    ]
    port = by_kind["ConfigMap"]["data"]["FRAUDGUARD_PORT"]
    (container,) = statefulset()["spec"]["template"]["spec"]["containers"]

    assert selectors == 4 * [labels]
    assert container["ports"] == [{"name": "http", "containerPort": int(port)}]
    assert by_kind["NetworkPolicy"]["spec"]["ingress"][0]["ports"][0]["port"] == int(port)
    assert {"FRAUDGUARD_SECRET", "FRAUDGUARD_DATABASE"}.isdisjoint(by_kind["ConfigMap"]["data"])
