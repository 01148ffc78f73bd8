"""How large an Arrow stream would become: told from its messages, before anything of it is unpacked.

A few kilobytes of compressed columns can unpack to as many gigabytes, and one message can claim any number of rows. So each message is asked for both before a reader
sees it: it is a small table, a flatbuffer, of which three fields are looked at (the Arrow format, *Serialization and
interprocess communication*).
"""

import struct
from dataclasses import dataclass
from typing import Final

__all__ = ["MessageSize", "message_size"]

_HEADER_TYPE, _HEADER = 1, 2
_DICTIONARY, _RECORDS = 2, 3
_DATA: Final = 1
_LENGTH, _COMPRESSION = 0, 3


@dataclass(frozen=True, slots=True)
class MessageSize:
    """What a message of an Arrow stream holds.

    Parameters
    ----------
    rows : int
        Of a record batch; 0 for a schema or a dictionary.
    is_compressed : bool
        Whether its columns are.
    """

    rows: int = 0
    is_compressed: bool = False


class _Table:
    """A table of a flatbuffer: fields by number, each at an offset that its layout tells."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data, self._place = data, place
        self._layout = place - self._number("<i", place)
        self._layout_size = self._number("<H", self._layout)

    def place_of(self, field: int) -> int:
        """Return where a field stands, 0 when it is absent."""
        entry = 4 + 2 * field
        offset = self._number("<H", self._layout + entry) if entry < self._layout_size else 0
        return self._place + offset if offset else 0

    def number(self, field: int, form: str) -> int:
        """Return a number, 0 when it is absent."""
        place = self.place_of(field)
        return self._number(form, place) if place else 0

    def table(self, field: int) -> "_Table":
        """Return a table that stands elsewhere."""
        place = self.place_of(field)
        return _Table(self._data, place + self._number("<I", place))

    def _number(self, form: str, place: int) -> int:
        number: int = struct.unpack_from(form, self._data, place)[0]
        return number


def message_size(metadata: bytes) -> MessageSize:
    """Return what a message holds.

    Parameters
    ----------
    metadata : bytes
        Its flatbuffer.

    Returns
    -------
    MessageSize
        Nothing, for a message that is neither records nor a dictionary.

    Raises
    ------
    struct.error
        If it is none.
    """
    message = _Table(metadata, struct.unpack_from("<I", metadata)[0])
    kind = message.number(_HEADER_TYPE, "<B")
    if kind not in {_DICTIONARY, _RECORDS}:
        return MessageSize()
    records = message.table(_HEADER) if kind == _RECORDS else message.table(_HEADER).table(_DATA)
    return MessageSize(
        rows=records.number(_LENGTH, "<q") if kind == _RECORDS else 0,
        is_compressed=records.place_of(_COMPRESSION) > 0,
    )
