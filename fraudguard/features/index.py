# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""From names and pairs of numbers to numbers 1, 2, 3, …: a hash table that grows one bucket at a time.

Linear hashing: each new entry splits one bucket, so no call ever rehashes the table. A
key is two words: a pair of numbers as they are, or 128 bits made of a name by a
multiplicative hash whose seed is drawn for each state, so that nobody can prepare names that meet in
one bucket or, worse, in one key. Names are not kept. What a feature is does not depend on the seed.
"""

import cython

if not cython.compiled:
    from fraudguard.features.arena import Arena
    from fraudguard.features.machine import ahead, at, hash_text, mixed, touch, words_at

__all__ = ["Index"]

_BIT = cython.declare(cython.longlong, 1)
_ONE = cython.declare(cython.longlong, 0)
_TWO = cython.declare(cython.longlong, 1)
_NEXT = cython.declare(cython.longlong, 2)
_PAYLOAD = cython.declare(cython.longlong, 3)


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
        self.n = self.level = self.split = self.gap = 0
        self.buckets = Arena(1, 13)
        self.entries = Arena(_PAYLOAD + payload, 12)
        self.buckets.reserve(1)
        self.entries.reserve(1)
        if not cython.compiled:
            self.key = memoryview(bytearray(16)).cast("q")

    def arenas(self) -> dict:
        """Return every arena by name, for a snapshot."""
        return {"buckets": self.buckets, "entries": self.entries}

    def numbers(self) -> list:
        """Return what a snapshot must know beside the arenas."""
        return [self.n, self.level, self.split, self.gap, self.seed]

    def set_numbers(self, numbers: list) -> None:
        """Continue from a snapshot."""
        self.n, self.level, self.split, self.gap, self.seed = numbers

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
        touch(self.bucket(key[0], key[1]), 1)
        return 0

    def foresee(self, one: cython.longlong, two: cython.longlong) -> cython.void:
        """Have the first entry of a bucket at hand."""
        touch(at(self.entries, self.bucket(one, two)[0]), 3)

    def add_text(self, text: str) -> cython.Py_ssize_t:
        """Return the number of a name, a new one if need be."""
        hash_text(text, self.seed, words_at(self.key))
        return self.add(self.key[0], self.key[1])

    def bucket(self, one: cython.longlong, two: cython.longlong) -> cython.p_longlong:
        """Return where the chain of a key begins."""
        hashed: cython.longlong = mixed(one, two)
        place: cython.longlong = hashed & ((_BIT << self.level) - 1)
        if place < self.split:
            place = hashed & ((_BIT << (self.level + 1)) - 1)
        return at(self.buckets, place)

    def find(self, one: cython.longlong, two: cython.longlong) -> cython.longlong:
        """Return the number of a key, 0 when it was never added."""
        entry: cython.longlong = self.bucket(one, two)[0]
        while entry:
            words: cython.p_longlong = at(self.entries, entry)
            if words[_ONE] == one and words[_TWO] == two:
                return entry
            entry = words[_NEXT]
        return 0

    def add(self, one: cython.longlong, two: cython.longlong) -> cython.Py_ssize_t:
        """Return the number of a key, a new one, with an empty payload, if need be."""
        entry: cython.longlong = self.find(one, two)
        words: cython.p_longlong
        chain: cython.p_longlong
        i: cython.longlong
        if entry:
            return entry
        entry = self.gap
        if entry:
            self.gap = at(self.entries, entry)[_NEXT]
        else:
            entry = self.entries.used
            self.entries.reserve(entry + 1)
        words = at(self.entries, entry)
        for i in range(_PAYLOAD, self.entries.width):
            words[i] = 0
        chain = self.bucket(one, two)
        words[_ONE] = one
        words[_TWO] = two
        words[_NEXT] = chain[0]
        chain[0] = entry
        self.n += 1
        if self.n > (_BIT << self.level) + self.split:
            self.split_bucket()
        return entry

    def remove(self, entry: cython.longlong) -> cython.void:
        """Forget a key; its number is given to a later one."""
        words: cython.p_longlong = at(self.entries, entry)
        link: cython.p_longlong = self.bucket(words[_ONE], words[_TWO])
        while link[0] != entry:
            link = ahead(at(self.entries, link[0]), _NEXT)
        link[0] = words[_NEXT]
        words[_NEXT] = self.gap
        self.gap = entry
        self.n -= 1

    def payload(self, entry: cython.longlong) -> cython.p_longlong:
        """Return the words kept with an entry."""
        return ahead(at(self.entries, entry), _PAYLOAD)

    def split_bucket(self) -> cython.int:
        """Share the chain of the next bucket with a new one."""
        new: cython.longlong = (_BIT << self.level) + self.split
        self.buckets.reserve(new + 1)
        old: cython.p_longlong = at(self.buckets, self.split)
        added: cython.p_longlong = at(self.buckets, new)
        entry: cython.longlong = old[0]
        old[0] = 0
        while entry:
            words: cython.p_longlong = at(self.entries, entry)
            following: cython.longlong = words[_NEXT]
            stays: cython.bint = mixed(words[_ONE], words[_TWO]) & ((_BIT << (self.level + 1)) - 1) == self.split
            words[_NEXT] = old[0] if stays else added[0]
            if stays:
                old[0] = entry
            else:
                added[0] = entry
            entry = following
        self.split += 1
        if self.split == _BIT << self.level:
            self.level += 1
            self.split = 0
        return 0
