"""One credit transfer of a message as a row of ours: which path is which column."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element

from fraudguard.errors import DataError
from fraudguard.tables.fault import masked

__all__ = ["COLUMNS", "transaction_row"]

_ACCOUNT: Final = ("Id/IBAN", "Id/Othr/Id")
_BANK: Final = ("FinInstnId/ClrSysMmbId/MmbId", "FinInstnId/BICFI", "FinInstnId/BIC", "BrnchId/Id")
_PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "transfer_id": ("PmtId/TxId", "PmtId/UETR", "PmtId/InstrId", "PmtId/EndToEndId"),
    "event_time": ("AccptncDtTm",),
    "end_to_end_id": ("PmtId/EndToEndId",),
    "payer_account_id": tuple(f"DbtrAcct/{path}" for path in _ACCOUNT),
    "payee_account_id": tuple(f"CdtrAcct/{path}" for path in _ACCOUNT),
    "payer_bank_code": tuple(f"DbtrAgt/{path}" for path in _BANK),
    "payee_bank_code": tuple(f"CdtrAgt/{path}" for path in _BANK),
    "category_purpose": ("PmtTpInf/CtgyPurp/Cd", "PmtTpInf/CtgyPurp/Prtry"),
    "purpose_code": ("Purp/Cd", "Purp/Prtry"),
}
"""Paths under ``CdtTrfTxInf``, the first that is there counts. The payee's bank is ``CdtrAgt``: a published CNAPS table
names ``DbtrAgt`` for it, which is the payer's."""

_AMOUNT: Final = "IntrBkSttlmAmt"
_YUAN: Final = re.compile(r"\d{1,16}(\.\d{1,2})?")
_REMITTANCE_MAX: Final = 135
_REQUIRED: Final = ("transfer_id", "event_time", "payer_account_id", "payee_account_id")
COLUMNS: Final = (*_PATHS, "amount_fen", "currency", "remittance_info", "batch_id")


def transaction_row(transaction: Element, header: Mapping[str, str], *, place: str) -> dict[str, str]:
    """Return a transaction under our column names.

    Parameters
    ----------
    transaction : Element
        A ``CdtTrfTxInf``.
    header : mapping of str to str
        Children of ``GrpHdr``.
    place : str
        File and number of the transaction, for messages.

    Returns
    -------
    dict of str to str
        Columns that are there; the amount in fen.

    Raises
    ------
    DataError
        If a required element is missing, or the amount is not CNY with at most two decimals.
    """
    row = {name: text for name, paths in _PATHS.items() if (text := _first(transaction, paths))}
    row.setdefault("event_time", header.get("CreDtTm", ""))
    for name in _REQUIRED:
        if not row.get(name):
            expected = " / ".join(_PATHS[name]) + (" / GrpHdr/CreDtTm" if name == "event_time" else "")
            raise DataError(
                f"{place}: {name} is missing; expected one of {expected}. Mend the message.",
                f"{place}：缺少 {name}；应在 {expected} 之一。请修正报文。",
            )
    row |= _money(transaction, place)
    remittance = " ".join(text for text in _all(transaction, "RmtInf/Ustrd") if text)[:_REMITTANCE_MAX]
    told = {"remittance_info": remittance, "batch_id": header.get("MsgId", "")}
    return row | {name: text for name, text in told.items() if text}


def _money(transaction: Element, place: str) -> dict[str, str]:
    found = next((child for child in transaction if _local(child) == _AMOUNT), None)
    text, currency = ("", "") if found is None else ((found.text or "").strip(), found.get("Ccy", ""))
    if currency != "CNY":
        raise DataError(
            f"{place}: {_AMOUNT} is missing or in {masked(currency) or 'no currency'}; only CNY is read. Leave it out or convert it.",
            f"{place}：{_AMOUNT} 缺失，或币种为 {masked(currency) or '空'}；只读人民币（CNY）。请剔除或折算。",
        )
    fen = _fen(text)
    if fen is None:
        raise DataError(
            f"{place}: {_AMOUNT} is {masked(text)}; write yuan with at most two decimals.",
            f"{place}：{_AMOUNT} 为 {masked(text)}；请写元，最多两位小数。",
        )
    return {"amount_fen": str(fen), "currency": currency}


def _fen(text: str) -> int | None:
    """Return yuan as fen; nothing if it is no amount."""
    return round(Decimal(text) * 100) if _YUAN.fullmatch(text) else None


def _first(transaction: Element, paths: tuple[str, ...]) -> str:
    return next((text for path in paths for text in _all(transaction, path) if text), "")


def _all(transaction: Element, path: str) -> list[str]:
    """Return the texts at a path of local names: which version of the namespace it is does not matter."""
    found = [transaction]
    for name in path.split("/"):
        found = [child for element in found for child in element if _local(child) == name]
    return [(element.text or "").strip() for element in found]


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
