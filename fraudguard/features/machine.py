"""Pointers and 64-bit words, for a kernel that runs from its source.

Compiled, these are the inline functions of ``machine.pxd``; this module is
then never imported. A pointer is a memoryview that begins where it points.
"""

from datetime import UTC, datetime
from mmap import mmap
from typing import Any

__all__ = [
    "ahead",
    "as_double",
    "at",
    "bytes_of",
    "doubles_ahead",
    "doubles_of",
    "hash_text",
    "member",
    "member_key",
    "mixed",
    "moment_ms",
    "number_of",
    "ring_at",
    "scrambled",
    "signed64",
    "soon",
    "touch",
    "unsigned64",
    "words_at",
    "words_of",
    "zeros",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MASK = 0xFFFF_FFFF_FFFF_FFFF
_SIGN = 0x8000_0000_0000_0000

Words = Any
"""A memoryview of int64."""


def at(arena: Any, place: int) -> Words:  # noqa: ANN401  # an Arena, which has no attributes once it is compiled
    """Return the record at a place of an arena."""
    chunk = arena.chunks[place >> arena.bits]
    return chunk[(place & ((1 << arena.bits) - 1)) * arena.width :]


def ring_at(records: Any, blocks: Any, ring: Words, i: int) -> Words:  # noqa: ANN401  # two Arenas
    """Return record `i` of a ring (see `fraudguard.features.ring`)."""
    base, cap = ring[0], ring[1]
    if cap <= records.longest:
        return at(records, base + (i & (cap - 1)))
    return at(records, at(blocks, base + ((i >> 8) & ((cap >> 8) - 1)))[0] - 1 + (i & 255))


def zeros(n: int) -> Words:
    """Return `n` words of nothing that the system hands out page by page, as C's `calloc` does."""
    return memoryview(mmap(-1, 8 * n)).cast("q")


def words_of(view: Words) -> Words:
    """Return where a buffer of integers begins; its items are plain integers, even when numpy made it."""
    return memoryview(view)


def doubles_of(view: Words) -> Words:
    """Return where a buffer of doubles begins."""
    return memoryview(view)


def ahead(words: Words, n: int) -> Words:
    """Return what lies `n` words ahead."""
    return words[n:]


def doubles_ahead(doubles: Words, n: int) -> Words:
    """Return what lies `n` doubles ahead."""
    return doubles[n:]


def signed64(value: int) -> int:
    """Return the signed word with the bits of a number modulo 2**64."""
    return ((value & _MASK) ^ _SIGN) - _SIGN


def as_double(value: int) -> float:
    """Return an unsigned word as a double."""
    return float(value & _MASK)


def unsigned64(value: int) -> int:
    """Return the unsigned word with the bits of a number modulo 2**64."""
    return value & _MASK


def words_at(words: Words) -> Words:
    """Return where an array of words begins."""
    return words


def moment_ms(moment: datetime, _utc: object) -> int:
    """Return a moment as `fraudguard.column.to_ms` does; C reads one that is in UTC from where its parts lie."""
    since = moment - _EPOCH
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def number_of(value: float) -> float:
    """Return a number, or a yes or no, as a double."""
    return float(value)


def scrambled(word: int) -> int:
    """Return a word with its bits well mixed: the finalizer of splitmix64."""
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _MASK
    return word ^ (word >> 31)


def mixed(one: int, two: int) -> int:
    """Return a hash of a key, not negative."""
    return scrambled(((one & _MASK) * 0x9E3779B97F4A7C15 + (two & _MASK)) & _MASK) >> 1


def hash_text(text: str, seed: int, key: Words) -> None:
    """Write the 128 bits of a name into two words."""
    utf8 = text.encode()
    one = scrambled((seed & _MASK) ^ len(utf8))
    two = scrambled((one + 0x9E3779B97F4A7C15) & _MASK)
    for i in range(0, len(utf8), 8):
        word = int.from_bytes(utf8[i : i + 8], "little")
        one = scrambled(one ^ word)
        two = scrambled((two + word * 0xD6E8FEB86659FD93) & _MASK)
    key[0], key[1] = signed64(one), signed64(two)


def bytes_of(words: Words, _size: int) -> memoryview:
    """Return a chunk as bytes."""
    view: memoryview = words.cast("B")
    return view


def soon(row: Words, n: int) -> None:
    """Tell the processor that `n` slots of a row are written soon; nothing here."""


def member_key(kind: type, name: str) -> str:
    """Return by what `member` finds a field: its place in memory, or here its name."""
    key: str = getattr(kind, name).__name__
    return key


def member(owner: object, key: str) -> Any:  # noqa: ANN401  # whatever the field holds
    """Return a field of a struct."""
    return getattr(owner, key)


def touch(words: Words, n: int) -> None:
    """Tell the processor that `n` words are read soon; nothing here."""
