"""What the log says beside transfers: account rows, signals and findings, as changes of the state.

Replay and service call `Learner.learn` for each, at its place in the log; only how a name becomes
a number differs, and that changes no feature.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol

from fraudguard.account import Account, KnownInvolved
from fraudguard.column import Event, columns_of, to_ms
from fraudguard.features.codes import SAYS_GENUINE, SAYS_MULE, SAYS_NOTHING, SAYS_VICTIM
from fraudguard.features.index import Index
from fraudguard.features.kernel import State
from fraudguard.features.known import SOURCE_OF, TTL_MS
from fraudguard.finding import Finding, FindingValue
from fraudguard.signal import Signal, SignalSource, SignalType

__all__ = ["Learner", "Names"]

_DAY_MS: Final = 86_400_000
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_WATCHED: Final = {
    KnownInvolved.LAYER_1,
    KnownInvolved.LAYER_2,
    KnownInvolved.LAYER_3,
    KnownInvolved.CONFIRMED,
}
_SAYS: Final = {
    FindingValue.VICTIM_TRANSFER: SAYS_VICTIM,
    FindingValue.MULE_MOVEMENT: SAYS_MULE,
    FindingValue.GENUINE: SAYS_GENUINE,
}


class Names(Protocol):
    """How names become numbers: `fraudguard.features.engine.Engine`, or a replay's own."""

    def account_number(self, text: str) -> int:
        """Return the number of an account, a new one if need be."""
        ...

    def holder_number(self, text: str) -> int:
        """Return the number of a holder, a new one if need be."""
        ...

    def parties(self, text: str) -> tuple[int, int]:
        """Return payer and payee of a transfer, 0 and 0 when it is not remembered."""
        ...


class Learner:
    """Changes a state by what is learned of accounts.

    Parameters
    ----------
    state : State
        Changed.
    names : Names
        How names become numbers.
    findings : Index
        Findings that count, with four words each: what, payer or account, payee, received.
    account_fields : sequence of str
        Fields of account rows that the state keeps.
    """

    def __init__(self, state: State, names: Names, findings: Index, *, account_fields: Sequence[str]) -> None:
        self._state = state
        self._names = names
        self._findings = findings
        self._fields = _field_readers(account_fields)

    def learn(self, event: Event) -> None:
        """Let an account row, a signal or a finding count from now on.

        Parameters
        ----------
        event : Event
            The next of the log, and no transfer.

        Raises
        ------
        TypeError
            If it is no such event.
        """
        match event:
            case Account():
                self._learn_account(event)
            case Signal():
                self._learn_signal(event)
            case Finding():
                self._learn_finding(event)
            case _:
                raise TypeError(f"{type(event).__name__} is no event of the log")

    def _learn_account(self, row: Account) -> None:
        account = self._names.account_number(row.account_id)
        facts, network = self._state.facts, self._state.network
        if row.holder_token is not None:
            facts.set_holder(account, self._names.holder_number(row.holder_token))
        for place, name, number in self._fields:
            value = getattr(row, name)
            if value is not None:
                facts.set_field(account, place, number(value))
        if row.opened_at is not None:
            network.set_opened(account, _day_ms(row.opened_at))
        if row.known_involved is not None:
            network.set_watched(account, row.known_involved in _WATCHED)

    def _learn_signal(self, signal: Signal) -> None:
        kind = SignalType(signal.signal_type)
        at_ms = to_ms(signal.event_time)
        until_ms = at_ms + TTL_MS[kind] if signal.expires_at is None else to_ms(signal.expires_at)
        self._state.facts.add_signal(
            0 if signal.account_id is None else self._names.account_number(signal.account_id),
            0 if signal.account_id is not None else self._names.holder_number(signal.holder_token or ""),
            _SIGNALS.index(kind),
            _SOURCES.index(SignalSource(signal.source or SOURCE_OF[kind])),
            at_ms,
            until_ms,
            to_ms(signal.received_at),
        )

    def _learn_finding(self, finding: Finding) -> None:
        if finding.supersedes is not None:
            self._take_back(finding.supersedes)
        if self._findings.number_of(finding.finding_id):
            return  # the same finding once more, or one that was superseded before it came
        effect = self._effect(finding)
        self._apply(effect, 1)
        self._findings.set_words(self._findings.number_for(finding.finding_id), effect)

    def _effect(self, finding: Finding) -> list[int]:
        received_ms = to_ms(finding.received_at)
        if finding.transfer_id is None:
            is_mule = finding.finding == FindingValue.MULE_MOVEMENT
            account = self._names.account_number(finding.account_id or "")
            return [SAYS_MULE if is_mule else SAYS_NOTHING, account, 0, received_ms]
        payer, payee = self._names.parties(finding.transfer_id)
        return [_SAYS.get(finding.finding, SAYS_NOTHING) if payer else SAYS_NOTHING, payer, payee, received_ms]

    def _take_back(self, finding_id: str) -> None:
        number = self._findings.number_for(finding_id)
        self._apply(self._findings.words(number), -1)
        self._findings.set_words(number, [0, 0, 0, 0])

    def _apply(self, effect: Sequence[int], n: int) -> None:
        says, payer, payee, received_ms = effect
        network = self._state.network
        if says and payee:
            network.add_finding(payer, payee, says, received_ms, n)
        if says == SAYS_VICTIM:
            network.add_known(payee, n)
        elif says == SAYS_MULE:
            network.add_known(payer, n)


_SIGNALS: Final = tuple(SignalType)
_SOURCES: Final = tuple(SignalSource)


def _field_readers(names: Sequence[str]) -> list[tuple[int, str, Callable[..., int]]]:
    columns = {column.name: column for column in columns_of(Account)}
    return [(place, name, _number(columns[name].type)) for place, name in enumerate(names)]


def _number(field_type: type) -> Callable[..., int]:
    if issubclass(field_type, StrEnum):
        return {str(word): place for place, word in enumerate(field_type)}.__getitem__
    if issubclass(field_type, date) and not issubclass(field_type, datetime):
        return _day_ms
    return int


def _day_ms(day: date) -> int:
    return (day.toordinal() - _EPOCH_DAY) * _DAY_MS
