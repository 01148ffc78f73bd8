# What the kernel may call of `arena.py` without leaving C.

cdef class Arena:
    cdef long long** chunks
    cdef long long** bases
    cdef long long n_chunks
    cdef long long room
    cdef long long n_lent
    cdef readonly long long width
    cdef readonly long long bits
    cdef readonly long long longest
    cdef readonly long long used
    cdef long long gaps[24]
    cdef object lender

    cdef int reserve(self, long long n) except -1 nogil
    cdef Py_ssize_t take(self, long long size) except -1 nogil
    cdef void give(self, long long place, long long size) noexcept nogil
    cdef void clear(self) noexcept nogil
    cdef int add_chunk(self) except -1 nogil
    cdef int note_chunk(self, long long* chunk) except -1 nogil
    cdef void drop_chunks(self) noexcept
