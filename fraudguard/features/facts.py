# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""What is known of accounts: the fields of their rows, and signals about them or their holders.

An account's record holds its holder, its signals, and the fields a plan reads; of a
field that no row has named, 0, of any other twice its number plus one. A later row changes the
fields it names and no other. Signals have two words a kind, when it was last observed and until
when it holds, each plus one; the latest received of a kind decides. A kind that does not hold is a *no* only while its
source is heard, at least one signal from it in seven days, and otherwise unknown.
"""

import cython

if not cython.compiled:
    from math import nan as NAN  # noqa: N812  # C's own name for it

    from fraudguard.features.arena import Arena
    from fraudguard.features.codes import (
        OBSERVED_ACCOUNT,
        OBSERVED_COVERAGE,
        OBSERVED_SIGNAL,
        OBSERVED_SINCE_SIGNAL,
    )
    from fraudguard.features.machine import ahead, at

__all__ = ["Facts"]

# Places in OBSERVATIONS of `fraudguard.features.plan`; a test compares them.

_HOLDER = cython.declare(cython.longlong, 0)
_SIGNALS = cython.declare(cython.longlong, 1)
_FIELDS = cython.declare(cython.longlong, 2)
_WORDS_OF_KIND = cython.declare(cython.longlong, 2)
_HEARD_MS = cython.declare(cython.longlong, 7 * 86_400_000)
_MS_PER_S = cython.declare(cython.double, 1000.0)


@cython.final
@cython.cclass
class Facts:
    """What is known of accounts and holders; see the module.

    Parameters
    ----------
    n_fields : int
        Fields of an account row that are kept.
    n_kinds, n_sources : int
        How many kinds of signal and sources of them there are.
    """

    def __init__(self, n_fields: int, n_kinds: int, n_sources: int) -> None:
        self.n_fields = n_fields
        self.accounts = Arena(_FIELDS + n_fields, 12)
        self.holders = Arena(1, 14)
        self.signals = Arena(_WORDS_OF_KIND * n_kinds, 8)
        self.heard = Arena(1, 4)
        self.signals.reserve(1)
        if not cython.compiled:
            self.of_account, self.of_holder, self.covered = [0] * 2, [0] * 2, [False] * 8
        self.heard.reserve(n_sources)

    def reserve(self, n_accounts: cython.longlong, n_holders: cython.longlong) -> cython.int:
        """Make room for accounts 1 … `n_accounts` and holders likewise; 0 is one never seen."""
        self.accounts.reserve(n_accounts + 1)
        self.holders.reserve(n_holders + 1)
        return 0

    def arenas(self) -> dict:
        """Return every arena by name, for a snapshot."""
        return {"accounts": self.accounts, "holders": self.holders, "signals": self.signals, "heard": self.heard}

    def set_holder(self, account: cython.longlong, holder: cython.longlong) -> None:
        """Say who holds an account."""
        at(self.accounts, account)[_HOLDER] = holder

    def set_field(self, account: cython.longlong, place: cython.longlong, value: cython.longlong) -> None:
        """Set a field of an account."""
        at(self.accounts, account)[_FIELDS + place] = 2 * value + 1

    def add_signal(
        self,
        account: cython.longlong,
        holder: cython.longlong,
        kind: cython.longlong,
        source: cython.longlong,
        event_time_ms: cython.longlong,
        until_ms: cython.longlong,
        received_ms: cython.longlong,
    ) -> None:
        """Note a signal about an account, or, where that is 0, about a holder."""
        owner: cython.p_longlong = ahead(at(self.accounts, account), _SIGNALS) if account else at(self.holders, holder)
        heard: cython.p_longlong = at(self.heard, source)
        words: cython.p_longlong
        if owner[0] == 0:
            owner[0] = self.new_signals()
        words = ahead(at(self.signals, owner[0]), _WORDS_OF_KIND * kind)
        words[0] = event_time_ms + 1
        words[1] = until_ms + 1
        heard[0] = max(heard[0], received_ms + 1)

    def new_signals(self) -> cython.Py_ssize_t:
        """Return the place of a new record of signals."""
        place: cython.longlong = self.signals.used
        self.signals.reserve(place + 1)
        return place

    def holder(self, account: cython.longlong) -> cython.longlong:
        """Return who holds an account; -1 when nobody said so."""
        holder: cython.longlong = at(self.accounts, account)[_HOLDER]
        return holder if holder else -1

    def observe(
        self,
        payer: cython.longlong,
        payee: cython.longlong,
        event_time_ms: cython.longlong,
        observations: cython.p_longlong,
        n: cython.longlong,
        row: cython.p_double,
    ) -> cython.void:
        """Write `n` observations (what, of payee, place, source, slot) into the slots of a row; changes nothing."""
        i: cython.longlong
        self.note_signals(payer, payee, event_time_ms)
        for i in range(n):
            wanted: cython.p_longlong = ahead(observations, 5 * i)
            what: cython.longlong = wanted[0]
            if what == OBSERVED_SIGNAL:
                row[wanted[4]] = self.signal(wanted[1], wanted[2], wanted[3], event_time_ms)
            elif what == OBSERVED_ACCOUNT:
                row[wanted[4]] = self.field(payee if wanted[1] else payer, wanted[2])
            elif what == OBSERVED_SINCE_SIGNAL:
                row[wanted[4]] = self.since_signal(wanted[1], wanted[2], event_time_ms)
            elif what == OBSERVED_COVERAGE:
                row[wanted[4]] = 1.0 if self.covered[wanted[3]] else 0.0

    def note_signals(
        self, payer: cython.longlong, payee: cython.longlong, event_time_ms: cython.longlong
    ) -> cython.void:
        """Note where the signals about both accounts and their holders are, 0 for none, and which sources are heard."""
        i: cython.longlong
        record: cython.p_longlong
        for i in range(self.heard.used):
            heard: cython.longlong = at(self.heard, i)[0]
            self.covered[i] = heard > 0 and event_time_ms - (heard - 1) <= _HEARD_MS
        for i in range(2):
            record = at(self.accounts, payee if i else payer)
            self.of_account[i] = record[_SIGNALS]
            self.of_holder[i] = at(self.holders, record[_HOLDER])[0]

    def field(self, account: cython.longlong, place: cython.longlong) -> cython.double:
        """Return a field of an account; NaN when no row named it."""
        word: cython.longlong = at(self.accounts, account)[_FIELDS + place]
        return cython.cast(cython.double, word >> 1) if word else NAN

    def signal(
        self, side: cython.longlong, kind: cython.longlong, source: cython.longlong, event_time_ms: cython.longlong
    ) -> cython.double:
        """Return 1 while a signal of a kind holds, 0 when it does not and its source is heard, else NaN."""
        place: cython.longlong = _WORDS_OF_KIND * kind + 1
        if self.of_account[side] and at(self.signals, self.of_account[side])[place] > event_time_ms:
            return 1.0
        if self.of_holder[side] and at(self.signals, self.of_holder[side])[place] > event_time_ms:
            return 1.0
        return 0.0 if self.covered[source] else NAN

    def since_signal(
        self, side: cython.longlong, kind: cython.longlong, event_time_ms: cython.longlong
    ) -> cython.double:
        """Return the seconds since a kind was last observed; NaN if it never was."""
        place: cython.longlong = _WORDS_OF_KIND * kind
        last: cython.longlong = 0
        if self.of_account[side]:
            last = at(self.signals, self.of_account[side])[place]
        if self.of_holder[side]:
            last = max(last, at(self.signals, self.of_holder[side])[place])
        return max(event_time_ms - last + 1, 0) / _MS_PER_S if last else NAN
