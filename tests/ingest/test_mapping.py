"""A mapping file is checked in full when it is loaded."""

from pathlib import Path

import pytest

from fraudguard.errors import DefinitionError, NotFoundError
from fraudguard.ingest import Mapping, load_mapping
from fraudguard.tables import read_transfers
from tests.tables.samples import transfers

_SHIPPED = sorted((Path(__file__).parents[2] / "data" / "mappings").glob("*.toml"))


@pytest.mark.parametrize("path", _SHIPPED, ids=lambda path: path.name)
def test_shipped_mapping_loads(path: Path) -> None:
    """Every mapping file in the repository is right and names its set."""
    assert load_mapping(path).dataset.name == path.stem


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[columnz]\n", "Did you mean columns"),
        ('[columns]\npayer_acount_id = "a"\n', "Did you mean payer_account_id"),
        ('[columns]\npayer_account_id = "a"\npayee_account_id = "a"\n', "given to two of ours"),
        ('[columns]\namount_fen = ["a", "b"]\n', "only event_time"),
        ("[columns]\namount_fen = 5\n", "columns"),
        ('[event_time]\ntimezone = "UTC"\n', "Did you mean time_zone"),
        ('[event_time]\ntime_zone = "Asia/Beijing"\n', "no such time zone"),
        ('[event_time]\nformat = "%Y"\nunit = "s"\n', "both format and unit"),
        ('[event_time]\nkind = "order"\n', "needs start"),
        ('[event_time]\nkind = "order"\nstart = 2020-01-01T00:00:00\nstep_s = 60\n', "with a zone"),
        ("[event_time]\nstep_s = 60\n", "takes neither"),
        ('[amount]\nunit = "euro"\n', "euro"),
        ('[dataset]\ncurrency = "yuan"\n', "ISO 4217"),
        ('[values.channel]\n"手机" = "mobile"\n', "Did you mean mobile_app"),
        ("[values.channelz]\n", "Did you mean channel"),
        ('[labels]\ncolumn = "y"\nfraud = []\n', "fraud must name a value"),
        ('[labels]\ncolumn = "y"\nfraud = [1]\ngenuine = ["1"]\n', "twice"),
        ('[labels]\ncolumn = "y"\nfraud = [1]\ndelay_s = -1\n', "0 or more"),
        ("[labels]\nfraud = [1]\n", "column"),
        ('[extra]\npolicy = "keep"\n', "keep"),
        ('[file]\nencodng = "gb18030"\n', "Did you mean encoding"),
        ("[dataset\n", "line 1"),
        ('[file]\ndelimiter = "ab"\n', "one character"),
        ("[file]\ndelimiter = '\"'\n", "one character"),
        ("[dataset]\nname = { a = 1 }\n", "[dataset] name"),
        ('[amount]\nunit = "fenn"\n', "Did you mean fen"),
    ],
)
def test_bad_mapping_is_named(tmp_path: Path, text: str, word: str) -> None:
    """What is wrong in a mapping file is said with the file, and asked after when something is near."""
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DefinitionError) as caught:
        load_mapping(path)

    assert str(path) in caught.value.en
    assert str(path) in caught.value.zh
    assert word in caught.value.en


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[amount]\nunit = 5\n", "[amount] unit：应为文字，此处为整数"),
        ("[columns]\namount_fen = 5\n", "[columns]：应为文字或列表，此处为整数"),
        ('[extra]\ndrop = "a"\n', "[extra] drop：应为列表，此处为文字"),
        ('[labels]\ncolumn = "a"\n', "[labels]：缺少fraud"),
        ("[dataset\n", "不是 UTF-8 编码的 TOML"),
    ],
)
def test_bad_mapping_is_told_in_chinese(tmp_path: Path, text: str, said: str) -> None:
    """A wrong type is told with its place in words, not in those of the library below."""
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DefinitionError) as caught:
        load_mapping(path)

    assert said in caught.value.zh


def test_no_mapping_file() -> None:
    """A path to no mapping file is said to be one."""
    with pytest.raises(NotFoundError, match="no such mapping file"):
        load_mapping(Path("nowhere.toml"))


def test_command_line_goes_before_the_file() -> None:
    """A column, an encoding and a zone given on the command line replace those of the mapping."""
    mapping = Mapping(columns={"amount_fen": "a"})

    changed = mapping.with_columns({"amount_fen": "b"}).with_file(encoding="gb18030", time_zone="UTC")

    assert (changed.columns, changed.file.encoding, changed.event_time.time_zone) == (
        {"amount_fen": "b"},
        "gb18030",
        "UTC",
    )


def test_command_line_is_checked_too() -> None:
    """A column of ours that does not exist is refused from the command line as from a file."""
    with pytest.raises(DefinitionError, match="Did you mean amount_fen"):
        Mapping().with_columns({"amount": "b"})


def test_transfers_are_read_through_a_mapping(tmp_path: Path) -> None:
    """`read_transfers` takes a mapping as well, and keeps the order of the file."""
    frame = transfers(3, amount_fen=[3.25, 2.5, 1.0]).iloc[::-1]
    frame.rename(columns={"amount_fen": "yuan"}).to_csv(tmp_path / "a.csv", index=False)
    mapping = load_mapping(_write(tmp_path, '[columns]\namount_fen = "yuan"\n[amount]\nunit = "yuan"\n'))

    assert read_transfers(tmp_path / "a.csv", mapping)["amount_fen"].tolist() == [100, 250, 325]


def _write(folder: Path, text: str) -> Path:
    path = folder / "m.toml"
    path.write_text(text, encoding="utf-8")
    return path
