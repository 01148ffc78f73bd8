"""`fraudguard assess` against a running service."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fraudguard.cli.app import exit_code
from fraudguard.errors import DataError, FraudguardError
from tests.cli.runner import invoke
from tests.journeys.load import serving
from tests.serve.fakes import add_key, body_of, make_settings, open_store


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Give the address of a running service, whose key is in the file ``key``."""
    settings = make_settings(tmp_path)
    store = open_store(settings)
    (tmp_path / "key").write_text(add_key(store) + "\n")
    store.close()
    with serving(settings) as (_process, port):
        yield f"http://127.0.0.1:{port}"


def test_transfers_of_a_file_are_judged(tmp_path: Path, address: str) -> None:
    """Each transfer gets its line, estimated or recorded, and the same again when it is sent again."""
    file = tmp_path / "transfers.jsonl"
    file.write_text("\n".join(json.dumps(body_of(f"T{place}")) for place in range(5)) + "\n\n")
    words = ("assess", file, "--url", address, "--key-file", tmp_path / "key")
    estimated = invoke(*words, "--no-record")
    first = invoke(*words, "--out", tmp_path / "one.jsonl")
    again = invoke(*words, "--out", tmp_path / "two.jsonl")
    lines = [
        [json.loads(line) for line in (tmp_path / name).read_text().splitlines()] for name in ("one.jsonl", "two.jsonl")
    ]

    assert [run.exit_code for run in (estimated, first, again)] == [0, 0, 0], first.output
    assert ["estimate" in json.loads(line) for line in estimated.stdout.splitlines()] == [True] * 5
    assert [line["line"] for line in lines[0]] == [1, 2, 3, 4, 5]
    assert [line["assessment"] for line in lines[0]] == [line["assessment"] for line in lines[1]]
    assert [line["replayed"] for line in lines[1]] == [True] * 5


def test_transfers_that_do_not_fit_are_told(tmp_path: Path, address: str) -> None:
    """The others are judged, the answer says why, and the exit code that not all is well."""
    file = tmp_path / "transfers.jsonl"
    file.write_text(json.dumps(body_of("T1")) + "\n" + json.dumps({"transfer_id": "T2"}) + "\n")
    run = invoke("assess", file, "--url", address, "--key-file", tmp_path / "key")
    lines = [json.loads(line) for line in run.stdout.splitlines()]

    assert [line["status"] for line in lines] == [200, 422]
    assert isinstance(run.exception, DataError)
    assert (exit_code(run.exception), "1 of 2" in str(run.exception)) == (3, True)


@pytest.mark.parametrize(
    ("text", "key", "code", "word"),
    [
        ("{}\n[1]\n", "key", 3, "line 2"),
        (None, "key", 4, "no file"),
        ("{}\n", "nowhere", 4, "key create"),
        ("{}\n", "wrong", 7, "unauthenticated"),
    ],
)
def test_what_is_wrong_has_its_mend(
    tmp_path: Path, address: str, text: str | None, key: str, code: int, word: str
) -> None:
    """A bad file or key ends with the exit code of its kind."""
    file = tmp_path / "transfers.jsonl"
    if text is not None:
        file.write_text(text)
    (tmp_path / "wrong").write_text("fg_nothing_at_all")
    run = invoke("--lang", "en", "assess", file, "--url", address, "--key-file", tmp_path / key)

    assert isinstance(run.exception, FraudguardError)
    assert (exit_code(run.exception), word in str(run.exception)) == (code, True)
