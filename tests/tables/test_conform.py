"""The rules of a table are those of a single value, and bytes from anywhere end in our own errors."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fraudguard.errors import DataError, DefinitionError, FraudguardError
from fraudguard.tables import read_transfers
from fraudguard.tables.fault import masked, near
from fraudguard.tables.raw import FileFormat
from fraudguard.tables.source import open_table
from fraudguard.tables.write import checked
from fraudguard.transfer import AMOUNT_MAX_FEN, Transfer
from tests.tables.samples import HEADER, transfers

_START = datetime(2026, 1, 2, tzinfo=UTC)
_ROWS = st.fixed_dictionaries({
    "transfer_id": st.sampled_from(["t", ""]),
    "event_time": st.sampled_from([_START, _START + timedelta(milliseconds=1)]),
    "payer_account_id": st.sampled_from(["a", ""]),
    "payee_account_id": st.sampled_from(["b", ""]),
    "amount_fen": st.sampled_from([-1, 0, 1, AMOUNT_MAX_FEN, AMOUNT_MAX_FEN + 1]),
})


def _accepts(build: Any, row: dict[str, Any]) -> bool:  # noqa: ANN401  # any callable
    try:
        build(row)
    except DataError:
        return False
    return True


@given(row=_ROWS)
def test_table_and_value_agree(row: dict[str, Any]) -> None:
    """A row is right in a table exactly when the transfer is right alone."""
    in_table = _accepts(lambda values: checked(pd.DataFrame([values]), Transfer, "transfers"), row)
    alone = _accepts(lambda values: Transfer(**values), row)

    assert in_table == alone


_LINES = st.lists(
    st.lists(
        st.sampled_from([
            "t1",
            "t2",
            "",
            "1",
            "-1",
            "nan",
            "2026-01-02T11:04:07Z",
            '"',
            "x\ny",
            "，",
            "\x00",
            "1e9",
            " ",
        ]),
        max_size=7,
    ).map(",".join)
)


@given(content=st.binary(max_size=80) | _LINES.map(lambda lines: "\n".join([HEADER, *lines]).encode()))
@example(content=b'a,b\n"1,3\n')
@example(content=b"\xff\xfea\x00,\x00b\x00\n\x00")
@example(content=b"PAR1")
def test_any_bytes_end_in_our_own_error(content: bytes) -> None:
    """Whatever a CSV holds, plain or zipped, reading it works or raises an error that speaks both languages."""
    with TemporaryDirectory() as folder:
        for name, data in (("a.csv", content), ("b.csv.gz", gzip.compress(content)), ("c.parquet", content)):
            path = Path(folder) / name
            path.write_bytes(data)
            try:
                outcome = str(len(read_transfers(path)))
            except FraudguardError as error:
                outcome = error.zh if name in error.en and name in error.zh else ""

            assert outcome


def test_times_round_down_to_milliseconds(tmp_path: Path) -> None:
    """Finer times are cut to the millisecond downwards, also before 1970."""
    moments = pd.to_datetime(["2026-01-02T00:00:00.0019999Z", "1969-12-31T23:59:59.9999Z"], format="ISO8601")
    transfers(2, event_time=moments).to_parquet(tmp_path / "a.parquet")

    read = read_transfers(tmp_path / "a.parquet")["event_time"]

    assert [moment.isoformat() for moment in read] == [
        "2026-01-02T00:00:00.001000+00:00",
        "1969-12-31T23:59:59.999000+00:00",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("6222021234567890", "62…90"),
        ("-5", "-5"),
        ("2026-01-02 11:04:07", "2026-01-02 11:04:07"),
        ("x" * 50, "x" * 32 + "…"),
    ],
)
def test_value_is_shown_short(text: str, shown: str) -> None:
    """Long numbers lose their middle, long text its end."""
    assert masked(text) == shown


def test_personal_value_shows_its_ends_only() -> None:
    """Of personal data at most two characters are shown."""
    assert (masked("li.wei", personal=True), masked("li", personal=True)) == ("l…i", "…")


def test_nothing_near() -> None:
    """A word like none of the known has no near one."""
    assert near("zzz", ["payer", "payee"]) == []


def test_other_encodings_and_delimiters(tmp_path: Path) -> None:
    """A file in another encoding with another delimiter is read when told so."""
    (tmp_path / "a.csv").write_bytes("流水|附言\n1|你好\n2|无\n".encode("gb18030"))

    raw = open_table(tmp_path / "a.csv", FileFormat(encoding="gb18030", delimiter="|", null_values=("无",)))

    assert raw.table.to_pydict() == {"流水": ["1", "2"], "附言": ["你好", None]}


def test_unknown_encoding_is_refused(tmp_path: Path) -> None:
    """An encoding of no such name is a mistake in the call."""
    (tmp_path / "a.csv").write_text("a\n1\n", encoding="utf-8")

    with pytest.raises(DefinitionError, match="gb18030"):
        open_table(tmp_path / "a.csv", FileFormat(encoding="gb2"))
