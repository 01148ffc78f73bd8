"""A store in memory, which keeps what a state is made from and no promise of durability."""

from collections.abc import Iterator, Sequence
from typing import Any

from fraudguard.column import Event
from fraudguard.features import OnlineFeatures
from fraudguard.serve.store.rows import Kind, LogRow, Record, StoredVector, log_row
from fraudguard.transfer import Transfer
from tests.fakes import START
from tests.serve.fakes import PLAN

__all__ = ["MemoryStore"]


class MemoryStore:
    """The events as rows, and the vector of each transfer as the features gave it at its place.

    Parameters
    ----------
    events : sequence of Event
        In log order.
    features : OnlineFeatures or None
        What judged the transfers; the shipped ones when not given.
    """

    def __init__(self, events: Sequence[Event] = (), features: OnlineFeatures | None = None) -> None:
        self.rows: list[LogRow] = []
        self.vectors: list[StoredVector] = []
        self._features = features or OnlineFeatures(PLAN)
        for event in events:
            self.add(event)

    @property
    def log(self) -> "MemoryStore":
        """The events."""
        return self

    @property
    def decisions(self) -> "MemoryStore":
        """The decisions."""
        return self

    def add(self, event: Event) -> None:
        """Append an event, judged if it is a transfer."""
        row = log_row(len(self.rows) + 1, event, START)
        if isinstance(event, Transfer):
            vector, plan = self._features.query(event).tobytes(), self._features.plan.fingerprint
            self.vectors.append(
                StoredVector(seq=row.seq, transfer_id=row.event_id, features_fingerprint=plan, features=vector)
            )
        self._features.push(event)
        self.rows.append(row)

    def read(self, *, after: int = 0, kind: Kind | None = None) -> Iterator[LogRow]:
        """Yield the events after a place."""
        yield from (row for row in self.rows[after:] if kind in {None, row.kind})

    def find_places(self, places: Sequence[int]) -> list[LogRow]:
        """Return the events at these places."""
        return [row for row in self.rows if row.seq in places]

    def last_place(self) -> int:
        """Return the place of the newest event."""
        return len(self.rows)

    def read_keys(self, *, after: int = 0) -> Iterator[str]:
        """Yield a key for each decision after a place."""
        yield from (f"key-{vector.seq}" for vector in self.vectors if vector.seq > after)

    def place_before_last(self, count: int) -> int:
        """Return the place after which the last so many decisions stand."""
        return self.vectors[-count - 1].seq if len(self.vectors) > count else 0

    def read_vectors(self, *, after: int = 0) -> Iterator[StoredVector]:
        """Yield the vectors after a place."""
        yield from (vector for vector in self.vectors if vector.seq > after)

    def write(self, records: Sequence[Record]) -> None:
        """Append the events of records."""
        self.rows += [record.log for record in records]

    def resume(self) -> None:
        """Take whatever comes."""

    def spoil(self, place: int, **fields: Any) -> None:  # noqa: ANN401  # any field of a stored vector
        """Change the vector at a place, as somebody might."""
        self.vectors = [
            StoredVector(
                seq=one.seq,
                transfer_id=one.transfer_id,
                features_fingerprint=fields.get("features_fingerprint", one.features_fingerprint),
                features=fields.get("features", one.features),
            )
            if one.seq == place
            else one
            for one in self.vectors
        ]
