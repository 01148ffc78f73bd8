"""The command `trace`: tables, ranking and picture, in both languages."""

import json
from pathlib import Path

import pytest

from fraudguard.errors import ConflictError, DataError, DefinitionError, NotFoundError
from tests.cli.runner import invoke
from tests.flow.conftest import FRAME


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the small table as a file of transfers."""
    out = tmp_path_factory.mktemp("flow") / "transfers.csv"
    FRAME.assign(event_time=FRAME["event_time"].map(lambda moment: moment.isoformat())).to_csv(out, index=False)
    return out


def test_trace_prints_accounts_and_ranking(log: Path) -> None:
    """Two tables in yuan: every account, then the ones to stop, the most money first; a sentence sums it up."""
    done = invoke("--lang", "zh", "trace", log, "--transfer", "T2")
    rows = [line.split("\t") for line in done.stdout.splitlines()]

    assert done.exit_code == 0
    assert rows[2] == ["2", "mule-1", "L1", "50,000.00元", "30,000.00元", "20,000.00元", "2026-01-05 10:02", "2026-01-05 10:05", "0分", "3分"]  # fmt: skip
    assert [row[:4] for row in rows[5:]] == [
        ["1", "mule-1", "L1", "20,000.00元"],
        ["2", "mule-2", "L2", "10,000.00元"],
    ]
    assert "已预约取现" in rows[5][4]
    assert "截至 2026-01-06 10:02：涉及 50,000.00元，仍在账户内 30,000.00元" in done.stderr


def test_trace_speaks_english(log: Path) -> None:
    """The same in English, with the ways out named."""
    done = invoke("--lang", "en", "trace", log, "--account", "mule-1", "--from", "2026-01-05T10:01", "--top", 1)

    assert done.stdout.splitlines()[0].split("\t")[:4] == ["no.", "account", "layer", "in"]
    assert "2 more; see them with --top" in done.stderr
    assert "gone (Cash ¥20,000.00)" in done.stderr


def test_trace_prints_one_object(log: Path) -> None:
    """With --json stdout is one JSON object, money in fen."""
    told = json.loads(invoke("trace", log, "--transfer", "T2", "--transfer", "T5", "--json").stdout)

    assert (told["starts"], told["entered_fen"], told["gone_fen"]) == (["T2", "T5"], 58_000_00, {"cash": 20_000_00})
    assert told["next_to_stop"] == ["mule-1", "mule-2"]
    assert [edge["minutes_after_start"] for edge in told["edges"]] == [0, 3, 7, 28]
    assert told["curve"][-1]["minute"] == 28


def test_picture_is_written_in_the_language_of_talk(log: Path, tmp_path: Path) -> None:
    """--svg writes the picture; an existing file is kept unless told otherwise."""
    out = tmp_path / "case.svg"
    words = ("--lang", "en", "trace", log, "--transfer", "T2", "--svg", out)
    assert invoke(*words).exit_code == 0
    again, told = invoke(*words), invoke(*words, "--overwrite")

    assert "Where the money went" in out.read_text("utf-8")
    assert isinstance(again.exception, ConflictError)
    assert told.exit_code == 0


def test_nothing_left_to_stop_is_said(log: Path) -> None:
    """When the least amount leaves nothing inside, a sentence says so and there is no second table."""
    done = invoke("--lang", "en", "trace", log, "--account", "desk", "--hours", 1)

    assert "No money is left to stop." in done.stderr
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("--transfer", "T0"), NotFoundError),
        (("--account", "nobody"), NotFoundError),
        (("--transfer", "T7"), DataError),
        ((), DefinitionError),
        (("--transfer", "T2", "--from", "2026-01-05"), DefinitionError),
        (("--account", "mule-1", "--from", "soon"), DefinitionError),
        (("--transfer", "T2", "--hours", "0"), DefinitionError),
    ],
)
def test_wrong_words_write_nothing(log: Path, tmp_path: Path, words: tuple[str, ...], kind: type[Exception]) -> None:
    """What cannot be traced is refused, and leaves no picture."""
    done = invoke("trace", log, *words, "--svg", tmp_path / "case.svg")

    assert isinstance(done.exception, kind)
    assert not list(tmp_path.iterdir())
