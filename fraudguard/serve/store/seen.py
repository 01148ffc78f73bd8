"""Ids that may have been seen: a filter that spares the store most questions."""

from typing import Final

__all__ = ["SeenIds"]

_BITS: Final = 1 << 27
_PROBES: Final = 4


class SeenIds:
    """A Bloom filter of 16 MiB: "no" is certain, "yes" means ask the store.

    With 10 million ids about one new id in two hundred is asked for in vain.
    """

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def add(self, name: str) -> None:
        """Note an id."""
        for bit in _probes(name):
            self._bits[bit >> 3] |= 1 << (bit & 7)

    def may_contain(self, name: str) -> bool:
        """Return False only if the id was never added."""
        return all(self._bits[bit >> 3] & (1 << (bit & 7)) for bit in _probes(name))


def _probes(name: str) -> list[int]:
    mixed = hash(name) & 0xFFFF_FFFF_FFFF_FFFF
    first, second = mixed & 0xFFFF_FFFF, (mixed >> 32) | 1
    return [(first + probe * second) % _BITS for probe in range(_PROBES)]
