"""Payment messages are read, and what is no such message changes nothing."""

from pathlib import Path

import pytest

from fraudguard.errors import DataError, NotFoundError
from fraudguard.ingest import Mapping, import_dataset
from fraudguard.ingest.messages import is_message_source, open_messages

EXAMPLES = Path(__file__).parents[2] / "data" / "examples"
PACS = (EXAMPLES / "pacs008.xml").read_text("utf-8")
BOMB = """<?xml version="1.0"?>
<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><X>&c;</X></Document>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE Document [<!ENTITY secret SYSTEM "secret.txt">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><X>&secret;</X></Document>"""


def written(tmp_path: Path, text: str, name: str = "message.xml") -> Path:
    """Return a file with a text."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_pacs_008_becomes_transfers(tmp_path: Path) -> None:
    """Both transactions are there, with ids, accounts, banks, purpose, fen and the time of acceptance or of the message."""
    transfers = import_dataset(EXAMPLES / "pacs008.xml", tmp_path / "out").transfers

    assert transfers["transfer_id"].tolist() == ["TX-0001", "TX-0002"]
    assert transfers["amount_fen"].tolist() == [4_980_000, 8_800]
    assert transfers["payer_account_id"].tolist() == ["example-account-1", "XX00EXAMPLE3"]
    assert transfers["payee_bank_code"].tolist() == ["900200000028", "EXAMPLCNYYY"]
    assert transfers["category_purpose"].iloc[0] == "A100"
    assert [str(moment) for moment in transfers["event_time"]] == [
        "2026-01-02 03:03:58+00:00",
        "2026-01-02 03:04:00+00:00",
    ]


def test_hvps_111_takes_the_payees_bank_from_the_creditors_agent(tmp_path: Path) -> None:
    """The CNAPS message is the same tree; its times have no zone, so one is asked for."""
    with pytest.raises(DataError, match="--time-zone"):
        import_dataset(EXAMPLES / "hvps111.xml", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []

    mapping = Mapping().with_file(encoding=None, time_zone="Asia/Shanghai")
    row = import_dataset(EXAMPLES / "hvps111.xml", tmp_path / "out", mapping=mapping).transfers.iloc[0]
    assert (row["payer_bank_code"], row["payee_bank_code"]) == ("900100000011", "900200000028")
    assert row["remittance_info"] == "货款"


def test_names_of_people_are_not_read(tmp_path: Path) -> None:
    """Nothing of the names in a message reaches the dataset."""
    import_dataset(EXAMPLES / "pacs008.xml", tmp_path / "out")

    assert all(b"Example Pay" not in path.read_bytes() for path in (tmp_path / "out").iterdir())


@pytest.mark.parametrize("version", ["02", "06", "10", "12"])
def test_every_version_of_the_message_is_read(tmp_path: Path, version: str) -> None:
    """Versions differ in what is around the elements that are read."""
    path = written(tmp_path, PACS.replace("pacs.008.001.08", f"pacs.008.001.{version}"))

    assert open_messages(path).table.num_rows == 2


def test_a_folder_of_messages_is_one_dataset(tmp_path: Path) -> None:
    """All messages of a folder are read, by name; one bad file among them spoils the import and nothing is written."""
    folder = tmp_path / "in"
    folder.mkdir()
    written(folder, PACS, "a.xml")
    written(folder, PACS.replace("TX-000", "TX-100"), "b.xml")
    assert len(import_dataset(folder, tmp_path / "out").transfers) == 4

    written(folder, PACS[:900], "c.xml")
    with pytest.raises(DataError, match=r"c\.xml"):
        import_dataset(folder, tmp_path / "other")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param(PACS[:900], "not well-formed", id="cut off"),
        pytest.param("<a><b></a>", "not well-formed", id="crossed"),
        pytest.param("", "not well-formed", id="empty"),
        pytest.param(BOMB, "entities", id="entity bomb"),
        pytest.param(OUTSIDE, "entities", id="entity from outside"),
        pytest.param(PACS.replace("pacs.008.001.08", "pain.001.001.09"), "namespace", id="another message"),
        pytest.param(PACS.replace(' xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"', ""), "missing", id="no namespace"),
        pytest.param("<x>" * 200 + "</x>" * 200, "nests deeper", id="too deep"),
        pytest.param(PACS.split("<CdtTrfTxInf>", maxsplit=1)[0] + "</FIToFICstmrCdtTrf></Document>", "no CdtTrfTxInf", id="no transaction"),
        pytest.param(PACS.replace('Ccy="CNY">88', 'Ccy="USD">88'), "CdtTrfTxInf 2.*only CNY", id="another currency"),
        pytest.param(PACS.replace(">49800.00<", ">49800.001<"), "CdtTrfTxInf 1.*two decimals", id="a tenth of a fen"),
        pytest.param(PACS.replace(">88<", ">-88<"), "two decimals", id="less than nothing"),
        pytest.param(PACS.replace("<Id><IBAN>XX00EXAMPLE3</IBAN></Id>", ""), "payer_account_id is missing", id="no account"),
        pytest.param(PACS.replace("utf-8", "no-such-code").replace("UTF-8", "no-such-code"), "not well-formed", id="unknown encoding"),
    ],
)  # fmt: skip
def test_a_bad_message_changes_nothing(tmp_path: Path, text: str, word: str) -> None:
    """Each kind of bad file is refused with its name, place and mend, in both languages, and no folder appears."""
    path = written(tmp_path, text)
    with pytest.raises(DataError, match=word) as caught:
        import_dataset(path, tmp_path / "out")

    assert "message.xml" in caught.value.zh
    assert caught.value.zh.endswith("。")
    assert [one.name for one in tmp_path.iterdir()] == ["message.xml"]


def test_a_message_too_large_is_refused_unread(tmp_path: Path) -> None:
    """The size is looked at before the file is."""
    with pytest.raises(DataError, match="more than the 100"):
        open_messages(written(tmp_path, PACS), bytes_max=100)


def test_messages_are_told_by_their_beginning(tmp_path: Path) -> None:
    """A message is one whatever it is called; a table is none; an empty folder is none."""
    assert is_message_source(written(tmp_path, "\ufeff  " + PACS, "message.txt"))
    assert not is_message_source(written(tmp_path, "transfer_id,amount_fen\n", "table.csv"))
    assert not is_message_source(tmp_path / "missing")
    (tmp_path / "empty").mkdir()
    assert not is_message_source(tmp_path / "empty")
    with pytest.raises(NotFoundError, match="no such file"):
        open_messages(tmp_path / "missing.xml")
