"""What a batch is written in, and the form of JSON lines."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

import msgspec
from pydantic import ValidationError

from fraudguard.decision import Decision
from fraudguard.serve.api.problems import TooLargeError, body_error
from fraudguard.serve.api.reader import READERS
from fraudguard.serve.api.shape import TRANSFER
from fraudguard.serve.batch import Line, Outcome
from fraudguard.serve.reply import estimate_of
from fraudguard.serve.scoring import Reply
from fraudguard.transfer import Transfer

__all__ = ["BatchForm", "JsonLines", "Tell"]

Tell = Callable[[Exception], Mapping[str, Any]]
"""From an error to what is said of it: the body of a problem."""


class BatchForm(Protocol):
    """How the lines of a batch are read, and how what came of them is written."""

    @property
    def media_type(self) -> str:
        """Of the request and of the answer."""
        ...

    @property
    def count(self) -> int:
        """How many lines there are at most."""
        ...

    def lines(self) -> Iterator[Line]:
        """Yield the lines."""
        ...

    def encode(self, outcomes: Sequence[Outcome]) -> bytes:
        """Return what came of some lines, as the next part of the answer."""
        ...

    def finish(self) -> bytes:
        """Return the end of the answer."""
        ...


class JsonLines:
    """A JSON object a line; a blank line says nothing, and counts.

    Parameters
    ----------
    body : bytes
        The request.
    line_limit_bytes : int
        Longest line.
    tell : callable
        Says what went wrong with a line.
    """

    media_type: Final = "application/x-ndjson"

    def __init__(self, body: bytes, *, line_limit_bytes: int, tell: Tell) -> None:
        self._body = body
        self._limit = line_limit_bytes
        self._tell = tell

    @property
    def count(self) -> int:
        """How many lines there are at most."""
        return self._body.count(b"\n") + 1

    def lines(self) -> Iterator[Line]:
        """Yield the lines that are not blank."""
        number, begin = 0, 0
        while begin < len(self._body):
            end = self._body.find(b"\n", begin)
            end = len(self._body) if end < 0 else end
            number += 1
            text = self._body[begin:end].strip()
            begin = end + 1
            if text:
                yield Line(number, self._read(text))

    def encode(self, outcomes: Sequence[Outcome]) -> bytes:
        """Return one line for each, in their order."""
        return b"".join(self._encode(outcome) for outcome in outcomes)

    def finish(self) -> bytes:
        """Return nothing: the last line is the end."""
        return b""

    def _read(self, text: bytes) -> Transfer | Exception:
        if len(text) > self._limit:
            return TooLargeError(f"the line is longer than {self._limit} bytes", f"该行超过 {self._limit} 字节")
        try:
            return Transfer(**READERS[TRANSFER].read(text))
        except ValidationError as error:
            return body_error(error)
        except Exception as error:  # noqa: BLE001  # it is this line's, and the others go on
            return error

    def _encode(self, outcome: Outcome) -> bytes:
        head, answer = b'{"line":%d,' % outcome.line.number, outcome.answer
        if isinstance(answer, Reply):
            replayed = b"true" if answer.replayed else b"false"
            return head + b'"status":200,"replayed":' + replayed + b',"assessment":' + answer.body + b"}\n"
        if isinstance(answer, Decision):
            return head + b'"status":200,"estimate":' + _encoder.encode(estimate_of(answer)) + b"}\n"
        told = self._tell(answer)
        return (
            head + b'"status":%d,"problem":' % told["status"] + json.dumps(told, ensure_ascii=False).encode() + b"}\n"
        )


_encoder: Final = msgspec.json.Encoder()
