# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Rings: the last records of an entity, numbered 0, 1, 2, … as they came.

Five words say where a ring is::

    RING_BASE   place of its run of records, or of its directory once it has one
    RING_CAP    how many records fit, a power of two; 0 before the first
    RING_FIRST  number of the oldest record still wanted
    RING_END    number the next record will get
    RING_KEPT   number of the oldest block not yet given back

Up to 256 records lie in one run (in a replay by groups any number), record *i* at ``RING_BASE + (i & (RING_CAP - 1))``. A busier
ring has blocks of 256 records and a directory of two words a block: the
block's place plus one, and how many of its records are live (bit 0 of a record's
first word; see `fraudguard.features.past`). So the busiest account grows by a block at a time, a call never
copies more than 256 records, and a reader may skip a block unseen.
"""

import cython

if not cython.compiled:
    from fraudguard.features.arena import Arena
    from fraudguard.features.codes import (
        BLOCK,
        BLOCK_BITS,
        RING_BASE,
        RING_CAP,
        RING_END,
        RING_FIRST,
        RING_KEPT,
    )
    from fraudguard.features.machine import at, ring_at

__all__ = ["make_room", "release"]


_TOO_MANY = "an account, pair or device has more transfers in its longest window than are supported"
_SMALLEST = cython.declare(cython.longlong, 8)
_RELEASED_AT_ONCE = cython.declare(cython.longlong, 4)
_FIRST_DIRECTORY_BITS = cython.declare(cython.longlong, 3)


def make_room(records: Arena, blocks: Arena, ring: cython.p_longlong) -> cython.int:
    """See that record RING_END has a place; the caller writes it and moves RING_END on."""
    cap: cython.longlong = ring[RING_CAP]
    if cap > records.longest:
        return make_block_room(records, blocks, ring)
    if ring[RING_END] - ring[RING_FIRST] < cap:
        return 0
    if cap == records.longest:
        return move_to_blocks(records, blocks, ring)
    return move(records, blocks, ring, binary_log(cap) + 1 if cap else 0)


def release(records: Arena, blocks: Arena, ring: cython.p_longlong, first: cython.longlong) -> cython.int:
    """Move RING_FIRST on, and give back what lies before it: a few blocks a call, so that none takes long."""
    cap: cython.longlong = ring[RING_CAP]
    live: cython.longlong = ring[RING_END] - first
    entry: cython.p_longlong
    budget: cython.longlong = _RELEASED_AT_ONCE
    ring[RING_FIRST] = first
    if cap <= records.longest:
        if cap > _SMALLEST and live * 8 <= cap and records.longest == BLOCK:
            return move(records, blocks, ring, binary_log(cap) - 2)
        return 0
    while ring[RING_KEPT] < first >> BLOCK_BITS and budget > 0:
        entry = at(blocks, ring[RING_BASE] + (ring[RING_KEPT] & ((cap >> BLOCK_BITS) - 1)))
        records.give(entry[0] - 1, BLOCK_BITS)
        entry[0] = 0
        ring[RING_KEPT] += 1
        budget -= 1
    if live * 8 <= BLOCK and ring[RING_KEPT] == first >> BLOCK_BITS:
        return move(records, blocks, ring, BLOCK_BITS - 2)
    return 0


def move(records: Arena, blocks: Arena, ring: cython.p_longlong, size: cython.longlong) -> cython.int:
    """Move the live records to one run of 2**`size` records."""
    place: cython.longlong = records.take(size)
    mask: cython.longlong = (1 << size) - 1
    i: cython.longlong
    for i in range(ring[RING_FIRST], ring[RING_END]):
        copy_record(records, ring_at(records, blocks, ring, i), at(records, place + (i & mask)))
    give_all(records, blocks, ring)
    ring[RING_BASE] = place
    ring[RING_CAP] = mask + 1
    return 0


def move_to_blocks(records: Arena, blocks: Arena, ring: cython.p_longlong) -> cython.int:
    """Turn a full run of 256 records into the first blocks of a directory."""
    if records.longest != BLOCK:
        with cython.gil:
            raise OverflowError(_TOO_MANY)
    directory: cython.longlong = take_directory(blocks, _FIRST_DIRECTORY_BITS)
    mask: cython.longlong = (1 << _FIRST_DIRECTORY_BITS) - 1
    block: cython.longlong = ring[RING_FIRST] >> BLOCK_BITS
    old: cython.longlong = ring[RING_BASE]
    new: cython.longlong = -1
    i: cython.longlong
    source: cython.p_longlong
    at(blocks, directory + (block & mask))[0] = old + 1
    if ring[RING_END] & (BLOCK - 1):
        new = records.take(BLOCK_BITS)
        at(blocks, directory + ((block + 1) & mask))[0] = new + 1
    for i in range(ring[RING_FIRST], ring[RING_END]):
        source = at(records, old + (i & (BLOCK - 1)))
        at(blocks, directory + ((i >> BLOCK_BITS) & mask))[1] += source[0] & 1
        if i >> BLOCK_BITS != block:
            copy_record(records, source, at(records, new + (i & (BLOCK - 1))))
    ring[RING_BASE] = directory
    ring[RING_CAP] = BLOCK << _FIRST_DIRECTORY_BITS
    ring[RING_KEPT] = block
    return make_block_room(records, blocks, ring)


def make_block_room(records: Arena, blocks: Arena, ring: cython.p_longlong) -> cython.int:
    """See that the block of record RING_END is there."""
    block: cython.longlong = ring[RING_END] >> BLOCK_BITS
    if block - ring[RING_KEPT] >= ring[RING_CAP] >> BLOCK_BITS:
        grow_directory(blocks, ring)
    entry: cython.p_longlong = at(blocks, ring[RING_BASE] + (block & ((ring[RING_CAP] >> BLOCK_BITS) - 1)))
    if entry[0] == 0:
        entry[0] = records.take(BLOCK_BITS) + 1
        entry[1] = 0
    return 0


def grow_directory(blocks: Arena, ring: cython.p_longlong) -> cython.int:
    """Move the directory to one of twice the length."""
    n: cython.longlong = ring[RING_CAP] >> BLOCK_BITS
    size: cython.longlong = binary_log(n)
    if size + 1 > blocks.bits:
        with cython.gil:
            raise OverflowError(_TOO_MANY)
    directory: cython.longlong = take_directory(blocks, size + 1)
    block: cython.longlong
    for block in range(ring[RING_KEPT], ring[RING_KEPT] + n):
        copy_record(
            blocks, at(blocks, ring[RING_BASE] + (block & (n - 1))), at(blocks, directory + (block & (2 * n - 1)))
        )
    blocks.give(ring[RING_BASE], size)
    ring[RING_BASE] = directory
    ring[RING_CAP] = 2 * ring[RING_CAP]
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
    n: cython.longlong = ring[RING_CAP] >> BLOCK_BITS
    entry: cython.p_longlong
    i: cython.longlong
    if ring[RING_CAP] == 0:
        return
    if ring[RING_CAP] <= records.longest:
        records.give(ring[RING_BASE], binary_log(ring[RING_CAP]))
        return
    for i in range(n):
        entry = at(blocks, ring[RING_BASE] + i)
        if entry[0]:
            records.give(entry[0] - 1, BLOCK_BITS)
    blocks.give(ring[RING_BASE], binary_log(n))


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
