# What `kernel.py` may call of `index.py` without leaving C.

from fraudguard.features.arena cimport Arena
from fraudguard.features.machine cimport ahead, at, hash_text, mixed, touch, words_at

cdef class Index:
    cdef Arena buckets
    cdef Arena spills
    cdef Arena entries
    cdef long long key[2]
    cdef readonly long long n
    cdef long long level
    cdef long long split
    cdef long long gap
    cdef long long spill_gap
    cdef long long seed

    cdef long long find(self, long long one, long long two) noexcept nogil
    cdef Py_ssize_t add(self, long long one, long long two) except -1 nogil
    cdef Py_ssize_t find_text(self, str text) except -1
    cdef int hash(self, str text, long long* key) except -1
    cdef void foresee_bucket(self, long long one, long long two) noexcept nogil
    cdef long long foresee(self, long long one, long long two) noexcept nogil
    cdef Py_ssize_t add_text(self, str text) except -1
    cpdef void remove(self, long long entry) noexcept nogil
    cdef long long* payload(self, long long entry) noexcept nogil
    cdef long long* bucket(self, long long hashed) noexcept nogil
    cdef int put(self, long long* slots, long long slot) except -1 nogil
    cdef Py_ssize_t take_spill(self) except -1 nogil
    cdef void give_spill(self, long long place) noexcept nogil
    cdef void fill_hole(self, long long* slots, long long* hole) noexcept nogil
    cdef int share_slots(self, long long* slots, long long* old, long long* added) except -1 nogil
    cdef int split_bucket(self) except -1 nogil
