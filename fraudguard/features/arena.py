# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Memory that grows and never moves: records of 64-bit words, in chunks.

A list that doubles copies all it holds when it is full, and a caller waits. An
arena adds a chunk of at most a few megabytes instead, which the system hands out page
by page; what was there stays where it is. Runs of 2**k records are handed out
by `take` and come back by `give`; a run is cut from the next larger one, so none
crosses a chunk. What an arena holds is integers only, and a snapshot is its
chunks as they stand.
"""

import cython

if cython.compiled:
    from cython.cimports.fraudguard.features.machine import at, base_of, bytes_of, free, give_back, realloc, zeros
else:
    from fraudguard.features.machine import at, bytes_of, zeros

__all__ = ["Arena"]

_WORD = cython.declare(cython.longlong, 8)
_N_SIZES = cython.declare(cython.longlong, 24)


@cython.final
@cython.cclass
class Arena:
    """Records of `width` words, 2**`bits` of them to a chunk.

    Parameters
    ----------
    width : int
        Words of a record.
    bits : int
        Binary logarithm of the records of a chunk, and of the longest run that `take` gives.
    longest : int
        How many records of a ring may lie in one run; a longer ring has blocks of 256.
    """

    def __init__(self, width: int, bits: int, longest: int = 256) -> None:
        self.width = width
        self.bits = bits
        self.longest = longest
        self.n_chunks = 0
        self.room = 0
        self.n_lent = 0
        self.used = 0
        self.lender = None
        if not cython.compiled:
            self.chunks = []
            self.gaps = [0] * _N_SIZES
        self.clear()

    def __dealloc__(self):  # noqa: ANN204  # C's own
        self.drop_chunks()
        free(self.chunks)
        free(self.bases)

    def drop_chunks(self) -> cython.void:
        """Give back every chunk of its own."""
        i: cython.longlong
        if cython.compiled:
            for i in range(self.n_lent, self.n_chunks):
                give_back(self.chunks[i], self.width << self.bits)
        else:
            self.chunks.clear()
        self.n_chunks = self.n_lent = self.used = 0

    def __len__(self) -> int:
        return self.used

    @property
    def n_bytes(self) -> int:
        """Bytes of address space the chunks take."""
        return (self.n_chunks << self.bits) * self.width * _WORD

    def lend(self, words: memoryview, used: int) -> None:
        """Take over the records of a snapshot, whose buffer holds whole chunks; they are not copied."""
        view: cython.longlong[::1] = words
        i: cython.longlong
        n: cython.longlong = self.width << self.bits
        self.drop_chunks()
        for i in range(len(words) // n):
            if cython.compiled:
                self.note_chunk(cython.address(view[i * n]))
            else:
                self.chunks.append(view[i * n : (i + 1) * n])
                self.n_chunks += 1
        self.n_lent = self.n_chunks
        self.used = used
        self.lender = words

    def gap_list(self) -> list:
        """Return where the free runs of each size begin."""
        return [self.gaps[i] for i in range(_N_SIZES)]

    def set_gaps(self, gaps: list) -> None:
        """Continue with the free runs of a snapshot."""
        i: cython.longlong
        for i in range(_N_SIZES):
            self.gaps[i] = gaps[i]

    def chunk_bytes(self):  # noqa: ANN201  # a generator of memoryviews
        """Yield the bytes of each chunk in use, in order."""
        i: cython.longlong
        for i in range((self.used + (1 << self.bits) - 1) >> self.bits):
            yield bytes_of(self.chunks[i], (self.width << self.bits) * _WORD)

    def reserve(self, n: cython.longlong) -> cython.int:
        """Make room for records 0 … n - 1; new ones are all zero."""
        while (self.n_chunks << self.bits) < n:
            self.add_chunk()
        self.used = max(self.used, n)
        return 0

    def take(self, size: cython.longlong) -> cython.Py_ssize_t:
        """Return the place of a run of 2**`size` records, whose content is whatever was left there."""
        larger: cython.longlong = size
        while larger < self.bits and self.gaps[larger] < 0:
            larger += 1
        place: cython.longlong = self.gaps[larger]
        if place >= 0:
            self.gaps[larger] = at(self, place)[0]
        else:
            place = self.n_chunks << self.bits
            self.add_chunk()
            self.used = self.n_chunks << self.bits
        while larger > size:
            larger -= 1
            self.give(place + (1 << larger), larger)
        return place

    def give(self, place: cython.longlong, size: cython.longlong) -> cython.void:
        """Take a run back."""
        at(self, place)[0] = self.gaps[size]
        self.gaps[size] = place

    def clear(self) -> cython.void:
        """Forget every run and start again in the first chunk."""
        i: cython.longlong
        for i in range(_N_SIZES):
            self.gaps[i] = -1
        for i in range(self.n_chunks):
            self.give((self.n_chunks - 1 - i) << self.bits, self.bits)

    def add_chunk(self) -> cython.int:
        """Add an empty chunk at the end.

        Raises
        ------
        MemoryError
            If the system gives none.
        """
        if cython.compiled:
            chunk: cython.p_longlong = zeros(self.width << self.bits)
            if chunk == cython.NULL:
                with cython.gil:
                    raise MemoryError("no memory for more features state; restart with more, or with shorter windows")
            return self.note_chunk(chunk)
        self.chunks.append(zeros(self.width << self.bits))
        self.n_chunks += 1
        return 0

    def note_chunk(self, chunk: cython.p_longlong) -> cython.int:
        """Write a chunk down in the directory.

        Raises
        ------
        MemoryError
            If there is none for a longer directory.
        """
        if self.n_chunks == self.room:
            self.room = 2 * self.room + 16
            self.chunks = cython.cast(cython.pp_longlong, realloc(self.chunks, self.room * _WORD))
            self.bases = cython.cast(cython.pp_longlong, realloc(self.bases, self.room * _WORD))
            if self.chunks == cython.NULL or self.bases == cython.NULL:
                with cython.gil:
                    raise MemoryError("no memory for more features state; restart with more, or with shorter windows")
        self.chunks[self.n_chunks] = chunk
        self.bases[self.n_chunks] = base_of(chunk, (self.n_chunks << self.bits) * self.width)
        self.n_chunks += 1
        return 0
