"""Ids that may have been seen: a filter that spares the store most questions."""

import secrets
import struct
from hashlib import blake2b
from typing import Final

__all__ = ["SeenIds"]

_BYTES: Final = 1 << 24
_KEY_BYTES: Final = 16
_HASH_BYTES: Final = 16
_four: Final = struct.Struct("<4I").unpack


class SeenIds:
    """A Bloom filter of 16 MiB: "no" is certain, "yes" means ask the store.

    With 10 million ids about one new id in two hundred is asked for in vain.

    Parameters
    ----------
    key : bytes
        Of the hash, so that nobody can prepare ids that are always asked for; drawn when not given.
    bits : bytearray or None
        The filter as it stood in a snapshot, with the key that it was filled under; an empty one when not given. Its
        length is a power of two.
    """

    def __init__(self, key: bytes = b"", bits: bytearray | None = None) -> None:
        self.key = key or secrets.token_bytes(_KEY_BYTES)
        self.bits = bytearray(_BYTES) if bits is None else bits
        self._last = len(self.bits) - 1

    def add(self, name: str) -> None:
        """Note an id."""
        bits, last = self.bits, self._last
        for place in self._places(name):
            bits[place >> 3 & last] |= 1 << (place & 7)

    def may_contain(self, name: str) -> bool:
        """Return False only if the id was never added."""
        return all(self.bits[place >> 3 & self._last] >> (place & 7) & 1 for place in self._places(name))

    def _places(self, name: str) -> tuple[int, ...]:
        # Not Python's own hash: that is another one in each process, and a snapshot is read by others.
        return _four(blake2b(name.encode(), digest_size=_HASH_BYTES, key=self.key).digest())
