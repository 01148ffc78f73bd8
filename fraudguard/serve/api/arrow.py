"""Batches as Arrow streams: one row of answers for each transfer.

Loaded only when such a batch comes: the library is large, and most services never see one.
"""

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
import pyarrow as pa

from fraudguard.decision import Decision, Versions
from fraudguard.serve.api.arrow_rows import ArrowRows
from fraudguard.serve.api.batch_form import Tell
from fraudguard.serve.batch import Line, Outcome
from fraudguard.serve.reply import Hold
from fraudguard.serve.scoring import Reply
from fraudguard.transfer import Transfer

__all__ = ["ArrowStream"]

_ROWS: Final = 256
"""Of a part of the answer."""

_ALWAYS: Final = (
    ("line", pa.int64()),
    ("status", pa.int16()),
    ("transfer_id", pa.string()),
    ("intervention", pa.string()),
    ("tier", pa.string()),
    ("hold_s", pa.int64()),
    ("score", pa.float64()),
    ("model", pa.string()),
    ("features", pa.string()),
    ("policy", pa.string()),
    ("problem", pa.string()),
)
_RECORDED: Final = (("replayed", pa.bool_()), ("assessment_id", pa.string()), ("assessment", pa.string()))


class _Told(msgspec.Struct):
    """What a row says of an answer."""

    intervention: str
    tier: str | None
    hold: Hold | None
    score: float
    versions: Versions


_told: Final = msgspec.json.Decoder(_Told)


class ArrowStream:
    """The form of Arrow streams.

    Parameters
    ----------
    body : bytes
        The request.
    is_recorded : bool
        Whether the answers have ids.
    tell : callable
        Says what went wrong with a row.

    Raises
    ------
    MalformedError, InvalidRequestError
        As `fraudguard.serve.api.arrow_rows.ArrowRows`.
    """

    media_type: Final = "application/vnd.apache.arrow.stream"

    def __init__(self, body: bytes, *, is_recorded: bool, tell: Tell) -> None:
        self._rows = ArrowRows(body)
        self._tell = tell
        self._waiting: list[Outcome] = []
        self._sink = _Sink()
        self._schema = pa.schema([*_ALWAYS, *(_RECORDED if is_recorded else ())])
        self._writer = pa.ipc.new_stream(pa.PythonFile(self._sink, mode="w"), self._schema)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._rows.count

    def lines(self) -> Iterator[Line]:
        """Yield the rows."""
        return self._rows.lines()

    def encode(self, outcomes: Sequence[Outcome]) -> bytes:
        """Return what came of enough rows to make a part of the answer, or nothing yet."""
        self._waiting.extend(outcomes)
        if len(self._waiting) >= _ROWS:
            self._write()
        return self._sink.take()

    def finish(self) -> bytes:
        """Return the rest of the answer."""
        self._write()
        self._writer.close()
        return self._sink.take()

    def _write(self) -> None:
        cells = [self._cells(outcome) for outcome in self._waiting]
        columns = {name: [row.get(name) for row in cells] for name in self._schema.names}
        self._writer.write_batch(pa.RecordBatch.from_pydict(columns, schema=self._schema))
        self._waiting.clear()

    def _cells(self, outcome: Outcome) -> dict[str, Any]:
        line, answer = outcome.line, outcome.answer
        known: dict[str, Any] = {"line": line.number, "status": 200}
        if isinstance(line.transfer, Transfer):
            known["transfer_id"] = line.transfer.transfer_id
        if isinstance(answer, Reply):
            return known | _cells_of_reply(answer)
        if isinstance(answer, Decision):
            return known | _cells_of(answer, hold_s=answer.hold_s)
        told = self._tell(answer)
        return known | {"status": told["status"], "problem": json.dumps(told, ensure_ascii=False)}


class _Sink(io.BytesIO):
    """A file that is taken away as it is written."""

    def take(self) -> bytes:
        """Return what was written since."""
        taken = self.getvalue()
        self.seek(0)
        self.truncate()
        return taken


def _cells_of(answer: Decision | _Told, *, hold_s: int | None) -> dict[str, Any]:
    return {
        "intervention": answer.intervention,
        "tier": answer.tier,
        "hold_s": hold_s,
        "score": answer.score,
        "model": answer.versions.model,
        "features": answer.versions.features,
        "policy": answer.versions.policy,
    }


def _cells_of_reply(reply: Reply) -> dict[str, Any]:
    told = _told.decode(reply.body)
    cells = _cells_of(told, hold_s=None if told.hold is None else told.hold.hold_s)
    own = {"replayed": reply.replayed, "assessment_id": reply.assessment_id, "assessment": reply.body.decode()}
    return cells | own
