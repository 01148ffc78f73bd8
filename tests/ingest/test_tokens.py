"""Tokens: the same for the same value, different without the key, in every table at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.errors import ConflictError, DefinitionError, NotFoundError
from fraudguard.ingest import tokenise_dataset
from fraudguard.ingest.tokens import read_key, token_of
from fraudguard.simulate import simulate_dataset
from fraudguard.tables import read_dataset

KEY = b"a key of some length"


@given(value=st.text(min_size=1, max_size=30), other=st.text(min_size=1, max_size=30))
def test_tokens_are_equal_exactly_when_values_are(value: str, other: str) -> None:
    """Two values have one token only if they are one value; domain, key and digest each change it."""
    told = token_of(value, domain="account", key=KEY)

    assert (told == token_of(other, domain="account", key=KEY)) is (value == other)
    assert told[1:] != token_of(value, domain="holder", key=KEY)[1:]
    assert told != token_of(value, domain="account", key=KEY + b"!")
    assert told != token_of(value, domain="account", key=KEY, digest="sha256")


def test_sm3_is_the_standards() -> None:
    """The HMAC over SM3 is the one that OpenSSL and GmSSL give for this key and message."""
    import hmac  # noqa: PLC0415  # only to say what is expected

    expected = hmac.new(KEY, b"account\x00x", "sm3").hexdigest()

    assert token_of("x", domain="account", key=KEY) == f"a{expected[:32]}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small dataset."""
    out = tmp_path_factory.mktemp("tokens") / "world"
    simulate_dataset(out, days=14, accounts=500, preset="dense")
    return out


def test_joins_stay_whole(folder: Path, tmp_path: Path) -> None:
    """Accounts are joined as before in all tables, rows and order are kept, and no old token is left."""
    replaced = tokenise_dataset(folder, tmp_path / "out", key=KEY)
    old, new = read_dataset(folder), read_dataset(tmp_path / "out")
    pairs = set(zip(old.accounts["account_id"], new.accounts["account_id"], strict=True))
    pairs |= set(zip(old.transfers["payer_account_id"], new.transfers["payer_account_id"], strict=True))
    pairs |= set(zip(old.signals["account_id"], new.signals["account_id"], strict=True))

    assert replaced["account"] == old.accounts["account_id"].nunique()
    assert len(pairs) == len({one for one, _ in pairs}) == len({two for _, two in pairs})
    assert not {one for one, _ in pairs} & {two for _, two in pairs}
    assert new.transfers["amount_fen"].equals(old.transfers["amount_fen"])
    assert new.findings["transfer_id"].equals(old.findings["transfer_id"])
    assert new.meta == old.meta


def test_truth_is_not_copied(folder: Path, tmp_path: Path) -> None:
    """What only a simulator knows stays behind."""
    tokenise_dataset(folder, tmp_path / "out", key=KEY, digest="sha256")

    assert not (tmp_path / "out" / "truth.parquet").exists()


def test_short_and_missing_keys_are_refused(folder: Path, tmp_path: Path) -> None:
    """A key below sixteen bytes is no key, wherever it comes from, and nothing is written."""
    short = tmp_path / "key"
    short.write_bytes(b"fifteen bytes..\n")
    with pytest.raises(DefinitionError, match="15 bytes"):
        read_key(short)
    with pytest.raises(NotFoundError, match="openssl rand"):
        read_key(tmp_path / "missing")
    with pytest.raises(DefinitionError, match="5 bytes"):
        tokenise_dataset(folder, tmp_path / "out", key=b"short")
    assert not (tmp_path / "out").exists()

    short.write_bytes(KEY + b"\n")
    assert read_key(short) == KEY


def test_an_unknown_digest_says_what_to_take(folder: Path, tmp_path: Path) -> None:
    """Where the hash is not to be had, the error names the other one and leaves nothing behind."""
    with pytest.raises(DefinitionError, match="sha256"):
        tokenise_dataset(folder, tmp_path / "out", key=KEY, digest="no-such-hash")  # type: ignore[arg-type]  # as from outside
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_kept(folder: Path, tmp_path: Path) -> None:
    """A folder that stands already is not touched unless asked for."""
    tokenise_dataset(folder, tmp_path / "out", key=KEY)
    with pytest.raises(ConflictError):
        tokenise_dataset(folder, tmp_path / "out", key=KEY)
    tokenise_dataset(folder, tmp_path / "out", key=KEY, overwrite=True)
