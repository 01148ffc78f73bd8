# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""From names and pairs of numbers to numbers 1, 2, 3, …: a hash table that grows one bucket at a time.

Linear hashing: every fourth new entry splits one bucket, so no call ever rehashes the table. A
key is two words: a pair of numbers as they are, or 128 bits made of a name by a
multiplicative hash whose seed is drawn for each state, so that nobody can prepare names that meet in
one bucket or, worse, in one key. Names are not kept. What a feature is does not depend on the seed.

A bucket is one line of the processor's cache: seven slots, filled from the first on, and the place of another bucket when they do not
suffice. A slot is an entry's number and 30 bits of its key's hash::

    entry << 30 | hash & (2**30 - 1)

so a key that is not there is told from one that is without looking at an entry, and a bucket is split without looking at any.
"""

import cython

if not cython.compiled:
    from fraudguard.features.arena import Arena
    from fraudguard.features.machine import ahead, at, hash_text, mixed, touch, words_at

__all__ = ["Index"]

_BIT = cython.declare(cython.longlong, 1)
_ONE = cython.declare(cython.longlong, 0)  # of a free entry, the next free one
_TWO = cython.declare(cython.longlong, 1)
_PAYLOAD = cython.declare(cython.longlong, 2)
_SLOTS = cython.declare(cython.longlong, 7)
_MORE = cython.declare(cython.longlong, 7)
_BUCKET = cython.declare(cython.longlong, 8)
_TAG_BITS = cython.declare(cython.longlong, 30)
_TAG = cython.declare(cython.longlong, (1 << 30) - 1)
_PER_BUCKET = cython.declare(cython.longlong, 4)


@cython.final
@cython.cclass
class Index:
    """Numbers for keys, from 1; 0 is a key never added.

    Parameters
    ----------
    seed : int
        Of the hash; any 64-bit number.
    payload : int
        Words kept with each entry.
    """

    def __init__(self, seed: int, payload: int = 0) -> None:
        self.seed = seed
        self.n = self.level = self.split = self.gap = self.spill_gap = 0
        self.buckets, self.spills = Arena(_BUCKET, 11), Arena(_BUCKET, 9)
        self.entries = Arena(_PAYLOAD + payload, 12)
        self.buckets.reserve(1)
        self.spills.reserve(1)
        self.entries.reserve(1)
        if not cython.compiled:
            self.key = memoryview(bytearray(16)).cast("q")

    def arenas(self) -> dict:
        """Return every arena by name, for a snapshot."""
        return {"buckets": self.buckets, "spills": self.spills, "entries": self.entries}

    def numbers(self) -> list:
        """Return what a snapshot must know beside the arenas."""
        return [self.n, self.level, self.split, self.gap, self.spill_gap, self.seed]

    def set_numbers(self, numbers: list) -> None:
        """Continue from a snapshot."""
        self.n, self.level, self.split, self.gap, self.spill_gap, self.seed = numbers

    def number_of(self, text: str) -> int:
        """Return the number of a name, 0 when it was never added."""
        return self.find_text(text)

    def number_for(self, text: str) -> int:
        """Return the number of a name, a new one if need be."""
        return self.add_text(text)

    def words(self, entry: cython.longlong) -> list:
        """Return the words kept with an entry."""
        return [self.payload(entry)[i] for i in range(self.entries.width - _PAYLOAD)]

    def set_words(self, entry: cython.longlong, words: list) -> None:
        """Keep other words with an entry."""
        for i in range(self.entries.width - _PAYLOAD):
            self.payload(entry)[i] = words[i]

    def find_text(self, text: str) -> cython.Py_ssize_t:
        """Return the number of a name, 0 when it was never added."""
        hash_text(text, self.seed, words_at(self.key))
        return self.find(self.key[0], self.key[1])

    def hash(self, text: str, key: cython.p_longlong) -> cython.int:
        """Write the key of a name, and have its bucket at hand when it is looked up."""
        hash_text(text, self.seed, key)
        self.foresee_bucket(key[0], key[1])
        return 0

    def foresee_bucket(self, one: cython.longlong, two: cython.longlong) -> cython.void:
        """Have the bucket of a key at hand."""
        touch(self.bucket(mixed(one, two)), _BUCKET)

    def foresee(self, one: cython.longlong, two: cython.longlong) -> cython.longlong:
        """Have the entry of a key at hand, whose bucket is, and return its likely number; 0 for none."""
        hashed: cython.longlong = mixed(one, two)
        slots: cython.p_longlong = self.bucket(hashed)
        i: cython.longlong
        for i in range(_SLOTS):
            if slots[i] == 0:
                return 0
            if (slots[i] ^ hashed) & _TAG == 0:
                touch(at(self.entries, slots[i] >> _TAG_BITS), _PAYLOAD)
                return slots[i] >> _TAG_BITS
        return 0

    def add_text(self, text: str) -> cython.Py_ssize_t:
        """Return the number of a name, a new one if need be."""
        hash_text(text, self.seed, words_at(self.key))
        return self.add(self.key[0], self.key[1])

    def bucket(self, hashed: cython.longlong) -> cython.p_longlong:
        """Return the bucket of a hash."""
        place: cython.longlong = hashed & ((_BIT << self.level) - 1)
        if place < self.split:
            place = hashed & ((_BIT << (self.level + 1)) - 1)
        return at(self.buckets, place)

    def find(self, one: cython.longlong, two: cython.longlong) -> cython.longlong:
        """Return the number of a key, 0 when it was never added."""
        hashed: cython.longlong = mixed(one, two)
        slots: cython.p_longlong = self.bucket(hashed)
        words: cython.p_longlong
        i: cython.longlong = 0
        while slots[i]:
            if (slots[i] ^ hashed) & _TAG == 0:
                words = at(self.entries, slots[i] >> _TAG_BITS)
                if words[_ONE] == one and words[_TWO] == two:
                    return slots[i] >> _TAG_BITS
            i += 1
            if i == _SLOTS:
                if slots[_MORE] == 0:
                    return 0
                slots = at(self.spills, slots[_MORE])
                i = 0
        return 0

    def add(self, one: cython.longlong, two: cython.longlong) -> cython.Py_ssize_t:
        """Return the number of a key, a new one, with an empty payload, if need be."""
        entry: cython.longlong = self.find(one, two)
        words: cython.p_longlong
        hashed: cython.longlong = mixed(one, two)
        i: cython.longlong
        if entry:
            return entry
        entry = self.gap
        if entry:
            self.gap = at(self.entries, entry)[_ONE]
        else:
            entry = self.entries.used
            self.entries.reserve(entry + 1)
        words = at(self.entries, entry)
        for i in range(_PAYLOAD, self.entries.width):
            words[i] = 0
        words[_ONE] = one
        words[_TWO] = two
        self.put(self.bucket(hashed), entry << _TAG_BITS | (hashed & _TAG))
        self.n += 1
        if self.n > _PER_BUCKET * ((_BIT << self.level) + self.split) and self.level < _TAG_BITS:
            self.split_bucket()
        return entry

    def put(self, slots: cython.p_longlong, slot: cython.longlong) -> cython.int:
        """Fill the first empty slot of a bucket, or of what it goes on with."""
        i: cython.longlong = 0
        while slots[i]:
            i += 1
            if i == _SLOTS:
                if slots[_MORE] == 0:
                    slots[_MORE] = self.take_spill()
                slots = at(self.spills, slots[_MORE])
                i = 0
        slots[i] = slot
        return 0

    def take_spill(self) -> cython.Py_ssize_t:
        """Return the place of an empty bucket for another to go on with."""
        place: cython.longlong = self.spill_gap
        if place:
            self.spill_gap = at(self.spills, place)[_MORE]
            at(self.spills, place)[_MORE] = 0
        else:
            place = self.spills.used
            self.spills.reserve(place + 1)
        return place

    def give_spill(self, place: cython.longlong) -> cython.void:
        """Take back a bucket whose slots are empty."""
        at(self.spills, place)[_MORE] = self.spill_gap
        self.spill_gap = place

    def remove(self, entry: cython.longlong) -> cython.void:
        """Forget a key; its number is given to a later one."""
        words: cython.p_longlong = at(self.entries, entry)
        slots: cython.p_longlong = self.bucket(mixed(words[_ONE], words[_TWO]))
        i: cython.longlong = 0
        while slots[i] >> _TAG_BITS != entry:
            i += 1
            if i == _SLOTS:
                slots = at(self.spills, slots[_MORE])
                i = 0
        self.fill_hole(self.bucket(mixed(words[_ONE], words[_TWO])), ahead(slots, i))
        words[_ONE] = self.gap
        self.gap = entry
        self.n -= 1

    def fill_hole(self, slots: cython.p_longlong, hole: cython.p_longlong) -> cython.void:
        """Move the last slot of a bucket to where one is free; they may be the same."""
        link: cython.p_longlong = slots  # where the place of the last bucket stands, once that is another
        i: cython.longlong = 0
        while slots[i + 1]:  # the eighth word is the place of the next bucket
            i += 1
            if i == _SLOTS:
                link = ahead(slots, _MORE)
                slots = at(self.spills, slots[_MORE])
                i = 0
        hole[0] = slots[i]
        slots[i] = 0
        if i == 0 and link[0]:
            self.give_spill(link[0])
            link[0] = 0

    def payload(self, entry: cython.longlong) -> cython.p_longlong:
        """Return the words kept with an entry."""
        return ahead(at(self.entries, entry), _PAYLOAD)

    def split_bucket(self) -> cython.int:
        """Share the slots of the next bucket with a new one, by one more bit of the hash."""
        new: cython.longlong = (_BIT << self.level) + self.split
        self.buckets.reserve(new + 1)
        old: cython.p_longlong = at(self.buckets, self.split)
        added: cython.p_longlong = at(self.buckets, new)
        slots: cython.p_longlong
        place: cython.longlong
        following: cython.longlong = old[_MORE]
        old[_MORE] = 0
        self.share_slots(old, old, added)
        while following:
            place = following
            slots = at(self.spills, place)
            following = slots[_MORE]
            self.share_slots(slots, old, added)
            self.give_spill(place)
        self.split += 1
        if self.split == _BIT << self.level:
            self.level += 1
            self.split = 0
        return 0

    def share_slots(self, slots: cython.p_longlong, old: cython.p_longlong, added: cython.p_longlong) -> cython.int:
        """Empty a bucket into two; one of them may be itself."""
        slot: cython.longlong
        i: cython.longlong
        for i in range(_SLOTS):
            slot = slots[i]
            slots[i] = 0
            if slot:
                self.put(added if slot >> self.level & 1 else old, slot)
        return 0
