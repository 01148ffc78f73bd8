"""The neighbourhood: who paid whom, over the full list of what was passed on so far.

A fold over the log. Numbers come from lists filtered anew for each; only nearness is a state that moves from account to
account, as `fraudguard.features.neighbours` defines it, and the last findings of a payee are kept as they come.
"""

from dataclasses import dataclass, field
from typing import Final

from fraudguard.account import Account, KnownInvolved
from fraudguard.column import to_ms
from fraudguard.finding import Finding, FindingValue
from fraudguard.transfer import EventType, Transfer
from tests.oracle.story import DAY_MS, HOUR_MS
from tests.oracle.taint import WHOLE, Pool, tainted_part

__all__ = ["Found", "Neighbourhood", "Passed"]

KEPT: Final = 16
_KEPT_FINDINGS: Final = 32
_COUNTED: Final = {FindingValue.VICTIM_TRANSFER, FindingValue.MULE_MOVEMENT, FindingValue.GENUINE}
_WATCHED: Final = {KnownInvolved.LAYER_1, KnownInvolved.LAYER_2, KnownInvolved.LAYER_3, KnownInvolved.CONFIRMED}
_LIQUIDATIONS: Final = {EventType.TERM_DEPOSIT_BREAK, EventType.FUND_REDEMPTION, EventType.LOAN_DISBURSEMENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A remembered transfer, with what held of it when it was remembered."""

    payer: str
    payee: str
    out_ms: int
    in_ms: int
    fen: int
    dwell_ms: int | None
    depth: int
    start_ms: int
    share: int
    liquid: EventType | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a finding says of a transfer, and when it was learned."""

    says: FindingValue
    received_ms: int


@dataclass(slots=True)
class Neighbourhood:
    """All that was passed on, what stands of findings, and who makes whom near."""

    passed: list[Passed] = field(default_factory=list)
    watched: set[str] = field(default_factory=set)
    opened_ms: dict[str, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    known: dict[str, str] = field(default_factory=dict)  # finding to the account it makes known
    victims: dict[str, tuple[str, str]] = field(default_factory=dict)  # finding to payer, payee
    found: dict[str, tuple[tuple[str, str], Found]] = field(
        default_factory=dict
    )  # finding to payer, payee, what it says
    last: dict[tuple[str, str], list[Found | None]] = field(
        default_factory=dict
    )  # account and side to its last findings
    near: dict[str, str] = field(default_factory=dict)
    nearby: dict[str, str] = field(default_factory=dict)

    def is_known(self, account: str | None) -> bool:
        """Tell whether an account is on the watch list or in a standing finding."""
        return account in self.watched or account in self.known.values()

    def edges_in(self, account: str) -> list[Passed]:
        """Return the last 16 transfers into an account."""
        return [one for one in self.passed if one.payee == account][-KEPT:]

    def edges_out(self, account: str) -> list[Passed]:
        """Return the last 16 transfers out of an account."""
        return [one for one in self.passed if one.payer == account][-KEPT:]

    def now_ms(self, account: str, event_time_ms: int) -> int:
        """Return an account's now: the time given, or its latest transfer in or out if that is later."""
        into = [one.in_ms for one in self.passed if one.payee == account]
        out = [one.out_ms for one in self.passed if one.payer == account]
        return max([event_time_ms, *into, *out])

    def chain(self, payer: str, event_time_ms: int, fen: int) -> Passed | None:
        """Return the last money in, if a transfer passes it on within the hour: at least half of it."""
        last = self.edges_in(payer)[-1:]
        goes_on = last and self.now_ms(payer, event_time_ms) - last[0].in_ms <= HOUR_MS and 2 * fen >= last[0].fen
        return last[0] if goes_on else None

    def taint(self, account: str, event_time_ms: int) -> int:
        """Return which part of an account's money is tainted, in 1/65536."""
        if self.is_known(account):
            return WHOLE
        pool = Pool()
        for one in self.passed:
            if one.payee == account:
                pool = pool.poured(one.in_ms, one.fen, one.share)
        return tainted_part(pool, self.now_ms(account, event_time_ms))

    def push(self, transfer: Transfer) -> None:
        """Remember a transfer."""
        payer, payee = transfer.payer_account_id, transfer.payee_account_id
        time_ms, fen = to_ms(transfer.event_time), transfer.amount_fen
        out_ms, came = self.now_ms(payer, time_ms), self.chain(payer, time_ms, fen)
        one = Passed(
            payer=payer,
            payee=payee,
            out_ms=out_ms,
            in_ms=self.now_ms(payee, time_ms),
            fen=fen,
            dwell_ms=next((out_ms - last.in_ms for last in self.edges_in(payer)[-1:]), None),
            depth=came.depth + 1 if came else 1,
            start_ms=came.start_ms if came else out_ms,
            share=self.taint(payer, time_ms),
            liquid=transfer.event_type if transfer.event_type in _LIQUIDATIONS else None,
        )
        self.passed.append(one)
        if payer != payee:
            self._spread_nearness(payer, payee)
            self._spread_nearness(payee, payer)

    def learn_account(self, row: Account) -> None:
        """Let an account row count."""
        if row.opened_at is not None:
            epoch = type(row.opened_at)(1970, 1, 1)
            self.opened_ms[row.account_id] = (row.opened_at - epoch).days * DAY_MS
        if row.known_involved is not None:
            was_known = self.is_known(row.account_id)
            self.watched.discard(row.account_id)
            if row.known_involved in _WATCHED:
                self.watched.add(row.account_id)
                self._mark(row.account_id, was_known=was_known)

    def learn_finding(self, finding: Finding, parties: tuple[str, str] | None) -> None:
        """Let a finding count, unless it came before or was superseded before it came."""
        if finding.supersedes is not None:
            self.seen.add(finding.supersedes)
            self._take_back(finding.supersedes)
        if finding.finding_id in self.seen:
            return
        self.seen.add(finding.finding_id)
        if parties and finding.finding in _COUNTED:
            self._note(finding, parties)
        known = _known_by(finding, parties)
        if known is not None:
            was_known = self.is_known(known)
            self.known[finding.finding_id] = known
            self._mark(known, was_known=was_known)

    def findings_of(self, account: str, side: str) -> list[Found]:
        """Return what stands of all findings on one side of an account."""
        place = ("out", "in").index(side)
        return [one for parties, one in self.found.values() if parties[place] == account]

    def last_findings_of(self, account: str, side: str) -> list[Found]:
        """Return what stands of the last 32 findings on one side of an account."""
        return [one for one in self.last.get((account, side), []) if one is not None]

    def _note(self, finding: Finding, parties: tuple[str, str]) -> None:
        one = Found(says=finding.finding, received_ms=to_ms(finding.received_at))
        self.found[finding.finding_id] = (parties, one)
        for key in zip(parties, ("out", "in"), strict=True):
            self.last[key] = [*self.last.get(key, []), one][-_KEPT_FINDINGS:]
        if finding.finding is FindingValue.VICTIM_TRANSFER:
            self.victims[finding.finding_id] = parties

    def _take_back(self, finding_id: str) -> None:
        self.known.pop(finding_id, None)
        self.victims.pop(finding_id, None)
        if finding_id not in self.found:
            return
        parties, one = self.found.pop(finding_id)
        for key in zip(parties, ("out", "in"), strict=True):
            if one in self.last[key]:
                self.last[key][self.last[key].index(one)] = None

    def _spread_nearness(self, source: str, target: str) -> None:
        witness = self.near.get(source)
        if self.is_known(source):
            self.near[target] = source
        elif witness != target and self.is_known(witness):
            self.nearby[target] = str(witness)

    def _mark(self, account: str, *, was_known: bool) -> None:
        """Make the last counterparties of a newly known account near, and theirs nearby."""
        if was_known:
            return
        for one in self._counterparties(account) - {account}:
            self.near[one] = account
            for other in self._counterparties(one) - {account}:
                self.nearby[other] = account

    def _counterparties(self, account: str) -> set[str]:
        return {one.payer for one in self.edges_in(account)} | {one.payee for one in self.edges_out(account)}


def _known_by(finding: Finding, parties: tuple[str, str] | None) -> str | None:
    """Return the account that a finding makes known: the payee of a victim, the payer or account of a mule."""
    if finding.finding is FindingValue.MULE_MOVEMENT:
        return parties[0] if parties else finding.account_id
    if finding.finding is FindingValue.VICTIM_TRANSFER and parties:
        return parties[1]
    return None
