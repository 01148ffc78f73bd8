"""Tokens in place of identifiers: the same token for the same value, and no way back without the key.

HMAC (RFC 2104) over SM3 (GB/T 32905) or SHA-256. This is pseudonymisation:
who has the key can link, so the data stay personal under the PIPL.
"""

import hmac
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fraudguard.errors import DefinitionError, NotFoundError
from fraudguard.tables.dataset import DATASET_FILE
from fraudguard.tables.folder import claim, whole_folder
from fraudguard.tables.read import read_dataset
from fraudguard.tables.schema import TABLES

__all__ = ["Digest", "read_key", "token_of", "tokenise_dataset"]

Digest = Literal["sm3", "sha256"]

_KEY_BYTES_MIN: Final = 16
_TOKEN_HEX: Final = 32
_DOMAINS: Final = {"account": "a", "holder": "h", "device": "d", "name": "n", "phone": "p"}
_NUMBERS: Final[dict[str, str]] = {
    "payer_account_id": "account", "payee_account_id": "account", "account_id": "account", "holder_token": "holder",
    "device_id": "device", "payer_name_hash": "name", "payee_name_hash": "name", "phone_token": "phone",
}  # fmt: skip
_FREE_TEXT: Final = ("remittance_info", "note")


def read_key(path: Path) -> bytes:
    """Read a key from a file.

    Parameters
    ----------
    path : Path
        At least sixteen bytes; one newline at the end does not count.

    Returns
    -------
    bytes
        The key.

    Raises
    ------
    NotFoundError
        If there is no such file.
    DefinitionError
        If the key is too short.
    """
    if not path.is_file():
        raise NotFoundError(
            f"{path}: no such key file. Make one with `openssl rand -hex 32 > {path}` and keep it apart from the data.",
            f"{path}：没有这个密钥文件。可用 `openssl rand -hex 32 > {path}` 生成，并与数据分开保管。",
        )
    key = path.read_bytes().removesuffix(b"\n")
    if len(key) < _KEY_BYTES_MIN:
        raise DefinitionError(
            f"the key in {path} has {len(key)} bytes; give at least {_KEY_BYTES_MIN}",
            f"{path} 中的密钥只有 {len(key)} 字节；至少要 {_KEY_BYTES_MIN} 字节",
        )
    return key


def token_of(value: str, *, domain: str, key: bytes, digest: Digest = "sm3") -> str:
    """Return the token of a value.

    Parameters
    ----------
    value : str
        An account number, a phone number, a device.
    domain : {"account", "holder", "device", "name", "phone"}
        Equal values of two domains have different tokens.
    key : bytes
        Secret.
    digest : {"sm3", "sha256"}
        The hash under the HMAC.

    Returns
    -------
    str
        A letter and 128 bits in hex.

    Raises
    ------
    DefinitionError
        If this Python's OpenSSL has no SM3.

    Examples
    --------
    >>> token_of("6222020000000000", domain="account", key=b"sixteen byte key", digest="sha256")[:6]
    'a89d28'
    """
    try:
        keyed = hmac.new(key, f"{domain}\x00{value}".encode(), digest)
    except ValueError as error:
        raise DefinitionError(
            "this Python's OpenSSL has no SM3; take --digest sha256, or an OpenSSL 3 built with SM3",
            "此 Python 所用的 OpenSSL 不含 SM3；请用 --digest sha256，或换用含 SM3 的 OpenSSL 3",
        ) from error
    return f"{_DOMAINS[domain]}{keyed.hexdigest()[:_TOKEN_HEX]}"


def tokenise_dataset(
    source: str | Path, out: str | Path, *, key: bytes, digest: Digest = "sm3", overwrite: bool = False
) -> dict[str, int]:
    """Write a dataset with tokens in place of identifiers; free text is left out, joins stay whole.

    Parameters
    ----------
    source : str or Path
        A dataset folder.
    out : str or Path
        The folder to be made; on any failure there is none.
    key : bytes
        Secret, at least sixteen bytes.
    digest : {"sm3", "sha256"}
        The hash under the HMAC.
    overwrite : bool
        Whether an existing dataset folder may be replaced.

    Returns
    -------
    dict of str to int
        How many different values of each domain were replaced.

    Raises
    ------
    DataError
        If the dataset breaks its contract.
    DefinitionError
        If the key is too short or there is no SM3.
    ConflictError
        If `out` exists and may not be replaced.
    """
    if len(key) < _KEY_BYTES_MIN:
        raise DefinitionError(
            f"the key has {len(key)} bytes; give at least {_KEY_BYTES_MIN}",
            f"密钥只有 {len(key)} 字节；至少要 {_KEY_BYTES_MIN} 字节",
        )
    folder, target = Path(source), Path(out)
    claim(target, overwrite=overwrite, marker=DATASET_FILE)
    read_dataset(folder)  # refuses what is no dataset before anything is written
    seen: dict[str, set[str]] = {domain: set() for domain in _DOMAINS}
    with whole_folder(target) as made:
        for name in TABLES:
            if (folder / f"{name}.parquet").is_file():
                table = _tokenised(pq.read_table(folder / f"{name}.parquet"), seen, key=key, digest=digest)
                pq.write_table(table, made / f"{name}.parquet", compression="zstd")
        (made / DATASET_FILE).write_bytes((folder / DATASET_FILE).read_bytes())
    return {domain: len(values) for domain, values in seen.items() if values}


def _tokenised(table: Any, seen: dict[str, set[str]], *, key: bytes, digest: Digest) -> Any:  # noqa: ANN401  # pyarrow has no types
    for name in table.column_names:
        domain = _NUMBERS.get(name)
        if domain is not None:
            column, values = _replaced(table[name], domain, key=key, digest=digest)
            seen[domain] |= values
            table = table.set_column(table.column_names.index(name), name, column)
    return table.drop_columns([name for name in _FREE_TEXT if name in table.column_names])


def _replaced(cells: Any, domain: str, *, key: bytes, digest: Digest) -> tuple[Any, set[str]]:  # noqa: ANN401  # pyarrow has no types
    distinct = [value for value in pc.unique(cells).to_pylist() if value is not None]
    tokens = pa.array([token_of(value, domain=domain, key=key, digest=digest) for value in distinct], pa.large_string())
    place = pc.index_in(cells, value_set=pa.array(distinct, cells.type))
    return pc.take(tokens, place), set(distinct)
