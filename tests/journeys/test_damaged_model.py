"""A model whose file is damaged: it is not served, and one that is served already goes on as it was loaded."""

import http.client
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from fraudguard.model.artifact import MODEL, load_artifact
from fraudguard.model.promotion import Promoter
from fraudguard.model.registry import Registry
from fraudguard.model.study import run_study, save_study
from fraudguard.serve.settings import Settings
from tests.fakes import FakeClock
from tests.journeys.load import PATIENCE_S, environment, post, serving
from tests.model.conftest import make_dataset
from tests.serve.fakes import add_key, make_settings, open_store

SERVE: Final = ("fraudguard", "serve")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a model folder."""
    return save_study(run_study(make_dataset()), tmp_path_factory.mktemp("trained") / "model", clock=FakeClock()).folder


def damage(model: Path) -> None:
    """Change one digit of its trees."""
    text = (model / MODEL).read_bytes()
    place = text.index(b"leaf_value=") + len(b"leaf_value=0.")
    (model / MODEL).write_bytes(text[:place] + (b"1" if text[place : place + 1] != b"1" else b"2") + text[place + 1 :])


def refused(settings: Settings) -> tuple[int, str]:
    """Start a service that must not start; return its exit code and what it says."""
    command = [sys.executable, "-m", *SERVE]
    handed_on = {**environment(settings), "FRAUDGUARD_PORT": "0", "FRAUDGUARD_LANG": "en"}
    ended = subprocess.run(command, env=handed_on, capture_output=True, text=True, timeout=PATIENCE_S, check=False)  # noqa: S603  # ours
    return ended.returncode, ended.stderr


def judge(port: int, token: str, transfer_id: str) -> tuple[int, bytes]:
    """Return status and answer of a transfer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    answer = post(connection, token, transfer_id)
    connection.close()
    return answer


def test_a_damaged_model_is_not_served_and_one_that_is_goes_on(trained: Path, tmp_path: Path) -> None:
    """Damage done meanwhile changes no answer; the next start names file and mend; with the file back, the first answer stands."""
    model = tmp_path / "model"
    shutil.copytree(trained, model)
    settings = make_settings(tmp_path, model=model)
    store = open_store(settings)
    token = add_key(store)
    with serving(settings, *SERVE) as (process, port):
        first = judge(port, token, "T1")
        damage(model)
        after = judge(port, token, "T2")
        process.terminate()
        stopped = process.wait(PATIENCE_S)
    code, said = refused(settings)
    shutil.copy(trained / MODEL, model / MODEL)
    with serving(settings, *SERVE) as (_, port):
        again = judge(port, token, "T1")
    events = store.log.count()
    store.close()

    assert (first[0], after[0], stopped, code, events) == (200, 200, 0, 4, 2)
    assert json.loads(first[1])["versions"] == json.loads(after[1])["versions"]
    assert json.loads(first[1])["versions"]["model"] == load_artifact(trained).version
    assert [MODEL in said, "train it again" in said, "Traceback" in said] == [True, True, False]
    assert again == first


def test_a_registry_whose_live_model_is_damaged_is_not_served(trained: Path, tmp_path: Path) -> None:
    """The change of models is a new start from the registry, and checks the one that it leads to."""
    registry = Registry(tmp_path / "registry")
    promoter = Promoter(registry=registry, by="wang", at="2026-01-05T02:00:00Z", reason="first")
    version = promoter.add(trained).version
    promoter.promote(version)
    damage(registry.path(version))
    settings = make_settings(tmp_path, model=registry.folder)
    open_store(settings).close()

    code, said = refused(settings)
    assert (code, MODEL in said) == (4, True)
