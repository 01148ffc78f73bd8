"""Observations: what the log knows of the two accounts beside their amounts.

Three kinds of term, each a number known when a transfer is scored and used only from
the moment it was learned: the neighbourhood of an account (`network`), signals about an account or its
holder (`signal`, `since_signal`, `coverage`), and fields of its rows (`account`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fraudguard.account import Account
from fraudguard.column import columns_of
from fraudguard.errors import DefinitionError
from fraudguard.features.known_network import NETWORK
from fraudguard.features.known_signals import SOURCE_OF, TTL_MS
from fraudguard.features.term import Term
from fraudguard.signal import SignalSource, SignalType

__all__ = [
    "NETWORK",
    "SOURCE_OF",
    "TTL_MS",
    "Observation",
    "Observed",
    "account",
    "account_fields",
    "coverage",
    "network",
    "signal",
    "since_signal",
]


class Observed(StrEnum):
    """The kinds of observation that the kernel knows."""

    NETWORK = "network"
    SIGNAL = "signal"
    SINCE_SIGNAL = "since_signal"
    COVERAGE = "coverage"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Observation(Term):
    """One number that the log knows of an account.

    Parameters
    ----------
    observed : Observed
        Its kind.
    name : str
        Which one: a key of `NETWORK`, a signal type, a source, a field of `Account`.
    of_payee : bool
        Of the payee, or of the payer.
    """

    observed: Observed
    name: str
    of_payee: bool = False


def network(name: str) -> Observation:
    """Return a number of the neighbourhood, as a term.

    Parameters
    ----------
    name : str
        A key of `NETWORK`.

    Returns
    -------
    Observation
        To be used in an expression.

    Raises
    ------
    DefinitionError
        If there is no such number.

    Examples
    --------
    >>> network("payee_hops_to_known").name
    'payee_hops_to_known'
    """
    return Observation(Observed.NETWORK, _one_of(list(NETWORK), name, "network number"))


def signal(entity: str, signal_type: SignalType | str) -> Observation:
    """Return whether a signal about an account or its holder holds, as a term.

    Parameters
    ----------
    entity : {"payer", "payee"}
        Whose.
    signal_type : SignalType or str
        Which.

    Returns
    -------
    Observation
        1 while the latest signal of the kind holds; otherwise 0 if its source was heard in the last
        seven days, and missing if it was not.

    Raises
    ------
    DefinitionError
        If there is no such entity or signal.
    """
    return _of(entity, Observed.SIGNAL, _one_of([str(word) for word in SignalType], signal_type, "signal"))


def since_signal(entity: str, signal_type: SignalType | str) -> Observation:
    """Return the seconds since a signal was last observed, as a term.

    Parameters
    ----------
    entity : {"payer", "payee"}
        Whose.
    signal_type : SignalType or str
        Which.

    Returns
    -------
    Observation
        Missing if it never was.

    Raises
    ------
    DefinitionError
        If there is no such entity or signal.
    """
    return _of(entity, Observed.SINCE_SIGNAL, _one_of([str(word) for word in SignalType], signal_type, "signal"))


def coverage(source: SignalSource | str) -> Observation:
    """Return whether a source of signals was heard in the last seven days, as a term.

    Parameters
    ----------
    source : SignalSource or str
        Which.

    Returns
    -------
    Observation
        1 or 0.

    Raises
    ------
    DefinitionError
        If there is no such source.
    """
    return Observation(Observed.COVERAGE, _one_of([str(word) for word in SignalSource], source, "source"))


def account(entity: str, name: str) -> Observation:
    """Return a field of an account's rows, as a term.

    Parameters
    ----------
    entity : {"payer", "payee"}
        Whose.
    name : str
        A numeric, boolean, date or closed-list column of `Account`.

    Returns
    -------
    Observation
        As the latest row that names it has it; a date is ms since 1970 UTC, a word its place in its list.

    Raises
    ------
    DefinitionError
        If there is no such entity or field.

    Examples
    --------
    >>> (field_ := account("payee", "opened_at")).of_payee
    True
    """
    return _of(entity, Observed.ACCOUNT, _one_of(account_fields(), name, "account field"))


def account_fields() -> list[str]:
    """Return the columns of `Account` that are numbers, flags, days or words of a closed list.

    Returns
    -------
    list of str
        In the order of the schema.
    """
    columns = columns_of(Account)
    numeric = (c for c in columns if c.is_enum or (issubclass(c.type, int | date) and not issubclass(c.type, datetime)))
    return [column.name for column in numeric]


def _of(entity: str, observed: Observed, name: str) -> Observation:
    return Observation(observed, name, of_payee=_one_of(["payer", "payee"], entity, "entity") == "payee")


def _one_of(known: list[str], given: str, what: str) -> str:
    if given not in known:
        raise DefinitionError(f"no {what} {given!r}; there are {known}", f"没有 {given!r}；可用的有 {known}")
    return str(given)
