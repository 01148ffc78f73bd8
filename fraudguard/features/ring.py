# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Rings: the last records of an entity, numbered 0, 1, 2, … as they came.

Five words say where a ring is::

    BASE   place of its run of records, or of its directory once it has one
    CAP    how many records fit, a power of two; 0 before the first
    FIRST  number of the oldest record still wanted
    END    number the next record will get
    KEPT   number of the oldest block not yet given back

Up to 256 records lie in one run (in a replay by groups any number), record *i* at ``BASE + (i & (CAP - 1))``. A busier
ring has blocks of 256 records and a directory of two words a block: the
block's place plus one, and how many of its records are live (bit 0 of a record's
first word; see `fraudguard.features.past`). So the busiest account grows by a block at a time, a call never
copies more than 256 records, and a reader may skip a block unseen.
"""

import cython

if cython.compiled:
    from cython.cimports.fraudguard.features.arena import Arena
    from cython.cimports.fraudguard.features.machine import at, ring_at
else:
    from fraudguard.features.arena import Arena
    from fraudguard.features.machine import at, ring_at

__all__ = ["make_room", "release"]

BASE = cython.declare(cython.longlong, 0)
CAP = cython.declare(cython.longlong, 1)
FIRST = cython.declare(cython.longlong, 2)
END = cython.declare(cython.longlong, 3)
KEPT = cython.declare(cython.longlong, 4)

_TOO_MANY = "an account, pair or device has more transfers in its longest window than are supported"
_BLOCK = cython.declare(cython.longlong, 256)
_BLOCK_BITS = cython.declare(cython.longlong, 8)
_SMALLEST = cython.declare(cython.longlong, 8)
_RELEASED_AT_ONCE = cython.declare(cython.longlong, 4)
_FIRST_DIRECTORY_BITS = cython.declare(cython.longlong, 3)


def make_room(records: Arena, blocks: Arena, ring: cython.p_longlong) -> cython.int:
    """See that record END has a place; the caller writes it and moves END on."""
    cap: cython.longlong = ring[CAP]
    if cap > records.longest:
        return make_block_room(records, blocks, ring)
    if ring[END] - ring[FIRST] < cap:
        return 0
    if cap == records.longest:
        return move_to_blocks(records, blocks, ring)
    return move(records, blocks, ring, binary_log(cap) + 1 if cap else 0)


def release(records: Arena, blocks: Arena, ring: cython.p_longlong, first: cython.longlong) -> cython.int:
    """Move FIRST on, and give back what lies before it: a few blocks a call, so that none takes long."""
    cap: cython.longlong = ring[CAP]
    live: cython.longlong = ring[END] - first
    entry: cython.p_longlong
    budget: cython.longlong = _RELEASED_AT_ONCE
    ring[FIRST] = first
    if cap <= records.longest:
        if cap > _SMALLEST and live * 8 <= cap:
            return move(records, blocks, ring, binary_log(cap) - 2)
        return 0
    while ring[KEPT] < first >> _BLOCK_BITS and budget > 0:
        entry = at(blocks, ring[BASE] + (ring[KEPT] & ((cap >> _BLOCK_BITS) - 1)))
        records.give(entry[0] - 1, _BLOCK_BITS)
        entry[0] = 0
        ring[KEPT] += 1
        budget -= 1
    if live * 8 <= _BLOCK and ring[KEPT] == first >> _BLOCK_BITS:
        return move(records, blocks, ring, _BLOCK_BITS - 2)
    return 0


def move(records: Arena, blocks: Arena, ring: cython.p_longlong, size: cython.longlong) -> cython.int:
    """Move the live records to one run of 2**`size` records."""
    place: cython.longlong = records.take(size)
    mask: cython.longlong = (1 << size) - 1
    i: cython.longlong
    for i in range(ring[FIRST], ring[END]):
        copy_record(records, ring_at(records, blocks, ring, i), at(records, place + (i & mask)))
    give_all(records, blocks, ring)
    ring[BASE] = place
    ring[CAP] = mask + 1
    return 0


def move_to_blocks(records: Arena, blocks: Arena, ring: cython.p_longlong) -> cython.int:
    """Turn a full run of 256 records into the first blocks of a directory."""
    if records.longest != _BLOCK:
        with cython.gil:
            raise OverflowError(_TOO_MANY)
    directory: cython.longlong = take_directory(blocks, _FIRST_DIRECTORY_BITS)
    mask: cython.longlong = (1 << _FIRST_DIRECTORY_BITS) - 1
    block: cython.longlong = ring[FIRST] >> _BLOCK_BITS
    old: cython.longlong = ring[BASE]
    new: cython.longlong = -1
    i: cython.longlong
    source: cython.p_longlong
    at(blocks, directory + (block & mask))[0] = old + 1
    if ring[END] & (_BLOCK - 1):
        new = records.take(_BLOCK_BITS)
        at(blocks, directory + ((block + 1) & mask))[0] = new + 1
    for i in range(ring[FIRST], ring[END]):
        source = at(records, old + (i & (_BLOCK - 1)))
        at(blocks, directory + ((i >> _BLOCK_BITS) & mask))[1] += source[0] & 1
        if i >> _BLOCK_BITS != block:
            copy_record(records, source, at(records, new + (i & (_BLOCK - 1))))
    ring[BASE] = directory
    ring[CAP] = _BLOCK << _FIRST_DIRECTORY_BITS
    ring[KEPT] = block
    return make_block_room(records, blocks, ring)


def make_block_room(records: Arena, blocks: Arena, ring: cython.p_longlong) -> cython.int:
    """See that the block of record END is there."""
    block: cython.longlong = ring[END] >> _BLOCK_BITS
    if block - ring[KEPT] >= ring[CAP] >> _BLOCK_BITS:
        grow_directory(blocks, ring)
    entry: cython.p_longlong = at(blocks, ring[BASE] + (block & ((ring[CAP] >> _BLOCK_BITS) - 1)))
    if entry[0] == 0:
        entry[0] = records.take(_BLOCK_BITS) + 1
        entry[1] = 0
    return 0


def grow_directory(blocks: Arena, ring: cython.p_longlong) -> cython.int:
    """Move the directory to one of twice the length."""
    n: cython.longlong = ring[CAP] >> _BLOCK_BITS
    size: cython.longlong = binary_log(n)
    if size + 1 > blocks.bits:
        with cython.gil:
            raise OverflowError(_TOO_MANY)
    directory: cython.longlong = take_directory(blocks, size + 1)
    block: cython.longlong
    for block in range(ring[KEPT], ring[KEPT] + n):
        copy_record(
            blocks, at(blocks, ring[BASE] + (block & (n - 1))), at(blocks, directory + (block & (2 * n - 1)))
        )
    blocks.give(ring[BASE], size)
    ring[BASE] = directory
    ring[CAP] = 2 * ring[CAP]
    return 0


def take_directory(blocks: Arena, size: cython.longlong) -> cython.Py_ssize_t:
    """Return the place of an empty directory of 2**`size` blocks."""
    directory: cython.longlong = blocks.take(size)
    i: cython.longlong
    for i in range(1 << size):
        at(blocks, directory + i)[0] = 0
        at(blocks, directory + i)[1] = 0
    return directory


def give_all(records: Arena, blocks: Arena, ring: cython.p_longlong) -> cython.void:
    """Give back all that the ring lies in."""
    n: cython.longlong = ring[CAP] >> _BLOCK_BITS
    entry: cython.p_longlong
    i: cython.longlong
    if ring[CAP] == 0:
        return
    if ring[CAP] <= records.longest:
        records.give(ring[BASE], binary_log(ring[CAP]))
        return
    for i in range(n):
        entry = at(blocks, ring[BASE] + i)
        if entry[0]:
            records.give(entry[0] - 1, _BLOCK_BITS)
    blocks.give(ring[BASE], binary_log(n))


def copy_record(records: Arena, source: cython.p_longlong, target: cython.p_longlong) -> cython.void:
    """Copy one record."""
    i: cython.longlong
    for i in range(records.width):
        target[i] = source[i]


def binary_log(n: cython.longlong) -> cython.longlong:
    """Return k of 2**k."""
    k: cython.longlong = 0
    while n > 1:
        n >>= 1
        k += 1
    return k
