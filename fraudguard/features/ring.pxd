# What `past.py` may call of `ring.py` without leaving C.

from fraudguard.features.arena cimport Arena
from fraudguard.features.codes cimport *
from fraudguard.features.machine cimport at, ring_at

cdef int make_room(Arena records, Arena blocks, long long* ring) except -1 nogil
cdef int release(Arena records, Arena blocks, long long* ring, long long first) except -1 nogil
cdef int move(Arena records, Arena blocks, long long* ring, long long size) except -1 nogil
cdef int move_to_blocks(Arena records, Arena blocks, long long* ring) except -1 nogil
cdef int make_block_room(Arena records, Arena blocks, long long* ring) except -1 nogil
cdef int grow_directory(Arena blocks, long long* ring) except -1 nogil
cdef Py_ssize_t take_directory(Arena blocks, long long size) except -1 nogil
cdef void give_all(Arena records, Arena blocks, long long* ring) noexcept nogil
cdef void copy_record(Arena records, long long* source, long long* target) noexcept nogil
cdef long long binary_log(long long n) noexcept nogil
