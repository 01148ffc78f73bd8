# What `kernel.py` may call of `neighbours.py` without leaving C.

from fraudguard.features.arena cimport Arena
from fraudguard.features.codes cimport *
from fraudguard.features.machine cimport ahead, at, ring_at, touch
from fraudguard.features.ring cimport make_room, release

cdef class Neighbours:
    cdef Arena heads
    cdef Arena edges
    cdef Arena blocks
    cdef Arena found
    cdef Arena findings
    cdef long long decay[64]

    cdef int note_finding(self, long long account, long long side, long long says, long long received_ms, long long n) except -1
    cdef long long* found_of(self, long long account) except NULL
    cpdef int reserve(self, long long n_accounts) except -1 nogil
    cdef void foresee(self, long long account) noexcept nogil
    cdef void foresee_edges(self, long long account) noexcept nogil
    cdef bint is_known(self, long long account) noexcept nogil
    cdef long long now_ms(self, long long account, long long event_time_ms) noexcept nogil
    cdef int push(self, long long payer, long long payee, long long event_time_ms, long long amount_fen, long long liquid) except -1 nogil
    cdef long long hops(self, long long account) noexcept nogil
    cdef long long taint(self, long long account, long long now_ms) noexcept nogil
    cdef long long decayed(self, long long pool, long long steps) noexcept nogil
    cdef void pour(self, long long* head, long long now_ms, long long amount_fen, long long share) noexcept nogil
    cdef bint goes_on(self, long long payer, long long now_ms, long long amount_fen) noexcept nogil
    cdef void spread_nearness(self, long long source, long long target) noexcept nogil
    cdef int note_edge(self, long long* ring, long long counterparty, long long now_ms, long long amount_fen, long long dwell_ms) except -1 nogil
    cdef long long* edge(self, long long* ring, long long i) noexcept nogil
    cdef void note_liquid(self, long long* words, long long now_ms, long long amount_fen) noexcept nogil
    cdef void mark(self, long long account) noexcept nogil
    cdef void mark_beyond(self, long long near, long long account) noexcept nogil
