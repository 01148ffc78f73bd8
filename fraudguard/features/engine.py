# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The kernel online: events as they come, from names and fields to numbers and back to a row.

Everything an event says is turned into numbers here: names into the numbers of accounts, pairs, devices and
holders (`fraudguard.features.index`), fields into doubles. A transfer's id is
remembered for as long as the longest window, 90 days at least: a second transfer of the same id is not remembered again, and a finding finds its accounts by it.
"""

from datetime import UTC, datetime

import cython
import numpy as np
from numpy.typing import NDArray

if not cython.compiled:
    from math import nan as NAN  # noqa: N812  # C's own name for it

    from fraudguard.features.codes import (
        ID_DEVICE,
        ID_DEVICE_LINK,
        ID_PAIR,
        ID_PAYEE,
        ID_PAYER,
        ID_RECEIVER,
        ID_RECEIVER_LINK,
        ID_SENDER,
        ID_SENDER_LINK,
        NEEDS_DISTINCT,
    )
    from fraudguard.features.index import Index
    from fraudguard.features.kernel import Program, State, flags_of, foresee, foresee_runs, push_row, read_row
    from fraudguard.features.machine import ahead, doubles_of, member, member_key, moment_ms, number_of, words_at
    from fraudguard.features.past import Pasts

__all__ = ["Engine"]

_RELEASED_AT_ONCE = cython.declare(cython.longlong, 4)
_KIND_BITS = cython.declare(cython.longlong, 2)
_MOST_FIELDS = cython.declare(cython.longlong, 64)
_NUMBER = cython.declare(cython.longlong, 0)
_MOMENT = cython.declare(cython.longlong, 1)
_WORD = cython.declare(cython.longlong, 2)
_UTC = (UTC, datetime, datetime(1970, 1, 1, tzinfo=UTC))


@cython.final
@cython.cclass
class Engine:
    """State and program of a running service.

    Parameters
    ----------
    program, state : Program, State
        Of one plan.
    kind : type
        The struct of a transfer.
    fields : tuple of (str, object)
        Its fields that the program looks at, each with the list of its words, ``"moment"`` or None.
    field_slots : ndarray of int64
        Their slots.
    retention_ms : int
        How long an id of a transfer is remembered.
    remembers_ids : bool
        False if whoever pushes sees to it that no transfer comes twice.
    seed : int
        Of the hashes.
    """

    def __init__(
        self,
        *,
        program: Program,
        state: State,
        kind: object,
        fields: tuple,
        field_slots: NDArray[np.int64],
        retention_ms: int,
        remembers_ids: bool,
        seed: int,
    ) -> None:
        self.program, self.state = program, state
        self.accounts, self.pairs, self.links = Index(seed), Index(seed), Index(seed)
        self.devices, self.holders = Index(seed), Index(seed)
        self.transfers, self.findings = Index(seed, 4), Index(seed, 4)
        self.kind = kind
        self.payer_key, self.payee_key = member_key(kind, "payer_account_id"), member_key(kind, "payee_account_id")
        self.device_key, self.time_key = member_key(kind, "device_id"), member_key(kind, "event_time")
        self.amount_key, self.id_key = member_key(kind, "amount_fen"), member_key(kind, "transfer_id")
        self.read_fields(fields, field_slots)
        row = np.zeros(max(program.n_slots, 1))
        self.row = memoryview(row)
        self.outputs = row[: program.n_outputs]
        self.retention_ms, self.remembers_ids = retention_ms, remembers_ids
        self.oldest = self.newest = self.n_late = self.n_duplicates = self.last_ms = 0
        self.last = None
        if not cython.compiled:
            self.ids = [0] * 9
            self.hashes = memoryview(bytearray(64)).cast("q")
        for store in (state.out, state.into, state.pair, state.device, state.holder_out, state.holder_into):
            store.reserve(0, 0)
        state.network.reserve(0)
        state.facts.reserve(0, 0)

    def read_fields(self, fields: tuple, field_slots: NDArray[np.int64]) -> None:
        """Note where each field lies and how it becomes a number."""
        self.words = [code if isinstance(code, list) else None for _, code in fields]
        self.n_fields = len(fields)
        if not cython.compiled:
            self.kinds, self.keys = [0] * _MOST_FIELDS, [0] * _MOST_FIELDS
        for i, (name, code) in enumerate(fields):
            self.kinds[i] = _WORD if isinstance(code, list) else _MOMENT if code == "moment" else _NUMBER
            self.keys[i] = member_key(self.kind, name)
        self.field_slots = memoryview(np.append(np.asarray(field_slots, dtype=np.int64), 0))

    def query(self, transfer):  # noqa: ANN001, ANN201  # a Transfer; a float64 array
        """Return the features of a transfer that is not yet remembered; changes nothing."""
        row: cython.p_double = doubles_of(self.row)
        self.find_ids(transfer)
        foresee(
            self.state, self.program, words_at(self.ids)
        )  # memory answers while the fields are read, half at a time
        self.fill_fields(transfer, 0, self.n_fields // 2)
        foresee_runs(self.state, self.program, words_at(self.ids))
        self.fill_fields(transfer, self.n_fields // 2, self.n_fields)
        read_row(self.state, self.program, words_at(self.ids), self.last_ms, member(transfer, self.amount_key), row)
        self.program.operate(row)
        return self.outputs.copy()

    def push(self, transfer, liquid: cython.longlong) -> None:  # noqa: ANN001  # a Transfer
        """Remember a transfer; `liquid` is the kind of liquidation it is, or -1."""
        words: cython.p_longlong
        self.find_ids(transfer)
        self.last = None
        self.foresee_last(self.state.device, self.ids[ID_DEVICE], self.ids[ID_PAYER], 0)
        if self.remembers_ids and not self.remember_id():
            return
        self.add_ids(transfer)
        if self.remembers_ids:
            words = self.transfers.payload(self.newest)
            words[0] = self.ids[ID_PAYER]
            words[1] = self.ids[ID_PAYEE]
        self.remember(member(transfer, self.amount_key), liquid)

    def account_number(self, text: str) -> int:
        """Return the number of an account, a new one if need be."""
        self.last = None
        return self.new_account(text)

    def holder_number(self, text: str) -> int:
        """Return the number of a holder, a new one if need be."""
        self.last = None
        number: cython.longlong = self.holders.add_text(text)
        self.state.holder_out.reserve(number, 0)
        self.state.holder_into.reserve(number, 0)
        self.state.facts.reserve(0, number)
        return number

    def parties(self, text: str) -> tuple:
        """Return payer and payee of a transfer, 0 and 0 when it is not remembered."""
        entry: cython.longlong = self.transfers.find_text(text)
        words: cython.p_longlong
        if entry == 0:
            return 0, 0
        words = self.transfers.payload(entry)
        return words[0], words[1]

    def numbers(self) -> list:
        """Return what a snapshot must know beside the arenas."""
        return [self.oldest, self.newest, self.n_late, self.n_duplicates]

    def set_numbers(self, numbers: list) -> None:
        """Continue from a snapshot."""
        self.oldest, self.newest, self.n_late, self.n_duplicates = numbers
        self.last = None

    def indexes(self) -> dict:
        """Return every index by name, for a snapshot."""
        return {
            "accounts": self.accounts,
            "pairs": self.pairs,
            "links": self.links,
            "devices": self.devices,
            "holders": self.holders,
            "transfers": self.transfers,
            "findings": self.findings,
        }

    def arenas(self) -> dict:
        """Return every arena by a name of its own, for a snapshot and for counting bytes."""
        parts = {**self.state.parts(), **self.indexes()}
        return {f"{part}.{name}": arena for part, owner in parts.items() for name, arena in owner.arenas().items()}

    def new_account(self, text: str) -> cython.Py_ssize_t:
        """Return the number of an account, with room for it everywhere."""
        number: cython.longlong = self.accounts.add_text(text)
        if number >= self.state.facts.accounts.used:
            self.state.out.reserve(number, 0)
            self.state.into.reserve(number, 0)
            self.state.network.reserve(number)
            self.state.facts.reserve(number, 0)
        return number

    def find_ids(self, transfer) -> cython.int:  # noqa: ANN001  # a Transfer
        """Note the numbers of what a transfer names; 0 is one never seen, -1 one it does not name.

        Raises
        ------
        TypeError
            If it is no transfer.
        """
        if self.last is not transfer:
            if type(transfer) is not self.kind:
                raise TypeError(f"{type(transfer).__name__} is no transfer")
            self.look_up(transfer)
            self.last = transfer
        return 0

    def look_up(self, transfer) -> cython.int:  # noqa: ANN001  # a Transfer
        """Find the numbers of what a transfer names; what is looked at next is asked of memory first."""
        device = member(transfer, self.device_key) if self.state.device.needs >= 0 else None
        keys: cython.p_longlong = words_at(self.hashes)
        if self.remembers_ids:
            self.transfers.hash(member(transfer, self.id_key), ahead(keys, 6))
        self.accounts.hash(member(transfer, self.payer_key), keys)
        self.accounts.hash(member(transfer, self.payee_key), ahead(keys, 2))
        if device is not None:
            self.devices.hash(device, ahead(keys, 4))
        self.last_ms = moment_ms(member(transfer, self.time_key), _UTC)
        self.accounts.foresee(keys[0], keys[1])
        self.accounts.foresee(keys[2], keys[3])
        if device is not None:
            self.devices.foresee(keys[4], keys[5])
        payer: cython.longlong = self.accounts.find(keys[0], keys[1])
        payee: cython.longlong = self.accounts.find(keys[2], keys[3])
        self.ids[ID_PAYER] = payer
        self.ids[ID_PAYEE] = payee
        self.pairs.foresee_bucket(payer, payee)
        self.ids[ID_DEVICE] = -1 if device is None else self.devices.find(keys[4], keys[5])
        self.foresee_link(self.state.device, self.ids[ID_DEVICE], payer, 0)
        self.ids[ID_PAIR] = self.pairs.find(payer, payee) if payer and payee else 0
        self.ids[ID_SENDER] = self.state.facts.holder(payer)
        return 0

    def fill_fields(self, transfer, begin: cython.Py_ssize_t, until: cython.Py_ssize_t) -> cython.int:  # noqa: ANN001  # a Transfer
        """Fill the slots of some of the transfer's own fields."""
        i: cython.Py_ssize_t
        number: cython.double
        for i in range(begin, until):
            value = member(transfer, self.keys[i])
            if value is None:
                number = NAN
            elif self.kinds[i] == _NUMBER:
                number = number_of(value)
            elif self.kinds[i] == _MOMENT:
                number = moment_ms(value, _UTC)
            else:
                number = self.place_of(i, value)
            self.row[self.field_slots[i]] = number
        return 0

    def place_of(self, field: cython.Py_ssize_t, value) -> cython.double:  # noqa: ANN001  # a word
        """Return the place of a word in its list; nearly always it is the list's own object, which needs no hash."""
        words: list = self.words[field]
        place: cython.Py_ssize_t
        for place in range(len(words)):
            if words[place] is value:
                return place
        return words.index(value)

    def remember_id(self) -> cython.int:
        """Remember an id; 0 if it is there already. Ids that are too old are forgotten, a few at a time."""
        entry: cython.longlong
        words: cython.p_longlong
        budget: cython.longlong = _RELEASED_AT_ONCE
        known: cython.longlong = self.transfers.n
        entry = self.transfers.add(self.hashes[6], self.hashes[7])
        if self.transfers.n == known:
            self.n_duplicates += 1
            return 0
        while self.oldest and budget > 0:
            words = self.transfers.payload(self.oldest)
            if words[2] + self.retention_ms >= self.last_ms:
                break
            following: cython.longlong = words[3]
            self.transfers.remove(self.oldest)
            self.oldest = following
            budget -= 1
        self.transfers.payload(entry)[2] = self.last_ms
        if self.oldest:
            self.transfers.payload(self.newest)[3] = entry
        else:
            self.oldest = entry
        self.newest = entry
        return 1

    def add_ids(self, transfer) -> cython.int:  # noqa: ANN001  # a Transfer
        """Give numbers to what a transfer names and nobody had named before; `find_ids` has run."""
        if self.ids[ID_PAYER] == 0:
            self.ids[ID_PAYER] = self.new_account(transfer.payer_account_id)
        if self.ids[ID_PAYEE] == 0:
            self.ids[ID_PAYEE] = self.new_account(transfer.payee_account_id)
        if self.ids[ID_DEVICE] == 0:
            self.ids[ID_DEVICE] = self.devices.add_text(transfer.device_id)
        self.ids[ID_SENDER] = self.state.facts.holder(self.ids[ID_PAYER])
        self.ids[ID_RECEIVER] = self.state.facts.holder(self.ids[ID_PAYEE])
        self.ids[ID_DEVICE_LINK] = self.link(self.state.device, self.ids[ID_DEVICE], self.ids[ID_PAYER], 0)
        self.ids[ID_SENDER_LINK] = self.link(self.state.holder_out, self.ids[ID_SENDER], self.ids[ID_PAYEE], 1)
        self.ids[ID_RECEIVER_LINK] = self.link(self.state.holder_into, self.ids[ID_RECEIVER], self.ids[ID_PAYER], 2)
        return 0

    def link(
        self, store: Pasts, entity: cython.longlong, counterparty: cython.longlong, kind: cython.longlong
    ) -> cython.Py_ssize_t:
        """Return the number of an entity and its counterparty, with room for both in a store."""
        number: cython.Py_ssize_t = 0
        if entity <= 0 or store.needs < 0:
            return 0
        if store.needs & NEEDS_DISTINCT:
            number = self.links.add(entity, counterparty << _KIND_BITS | kind)
        store.reserve(entity, number)
        return number

    def foresee_link(
        self, store: Pasts, entity: cython.longlong, counterparty: cython.longlong, kind: cython.longlong
    ) -> cython.void:
        """Have the bucket at hand that `link` looks at when the transfer is remembered."""
        if entity > 0 and counterparty > 0 and store.needs >= 0 and store.needs & NEEDS_DISTINCT:
            self.links.foresee_bucket(entity, counterparty << _KIND_BITS | kind)

    def foresee_last(
        self, store: Pasts, entity: cython.longlong, counterparty: cython.longlong, kind: cython.longlong
    ) -> cython.void:
        """Have at hand what lies behind that bucket: the link, and the last event of its counterparty."""
        if entity > 0 and counterparty > 0 and store.needs >= 0 and store.needs & NEEDS_DISTINCT:
            store.foresee_link(self.links.foresee(entity, counterparty << _KIND_BITS | kind))

    def remember(self, amount_fen: cython.longlong, liquid: cython.longlong) -> cython.int:
        """Remember the transfer whose numbers are noted."""
        payer: cython.longlong = self.ids[ID_PAYER]
        payee: cython.longlong = self.ids[ID_PAYEE]
        known: cython.longlong = self.pairs.n
        pair: cython.longlong = self.pairs.add(payer, payee)
        flags: cython.longlong = flags_of(self.last_ms, amount_fen, self.pairs.n > known)
        self.ids[ID_PAIR] = pair
        self.n_late += self.is_late(payer, payee, self.last_ms)
        self.state.out.reserve(0, pair)
        self.state.into.reserve(0, pair)
        if self.state.pair.needs >= 0:
            self.state.pair.reserve(pair, 0)
        return push_row(self.state, self.program, words_at(self.ids), self.last_ms, amount_fen, flags, liquid)

    def is_late(self, payer: cython.longlong, payee: cython.longlong, event_time_ms: cython.longlong) -> cython.bint:
        """Tell whether a transfer is dated before one that an account of it has seen."""
        late: cython.bint = False
        if self.state.out.length(payer):
            late = self.state.out.watermark_ms(payer) > event_time_ms
        if not late and self.state.into.length(payee):
            late = self.state.into.watermark_ms(payee) > event_time_ms
        return late
