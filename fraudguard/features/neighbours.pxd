# What `kernel.py` may call of `network.py` without leaving C.

from fraudguard.features.arena cimport Arena

cdef class Neighbours:
    cdef Arena heads
    cdef Arena edges
    cdef Arena blocks
    cdef long long decay[64]

    cpdef int reserve(self, long long n_accounts) except -1 nogil
    cdef void foresee(self, long long account) noexcept nogil
    cdef void foresee_edges(self, long long account) noexcept nogil
    cdef bint is_known(self, long long account) noexcept nogil
    cdef long long now_ms(self, long long account, long long event_time_ms) noexcept nogil
    cdef void observe(self, long long payer, long long payee, long long event_time_ms, long long amount_fen, double* row) noexcept nogil
    cdef void observe_standing(self, long long payer, long long payee, long long now_ms, double* row) noexcept nogil
    cdef void observe_payers(self, long long payee, long long now_ms, double* row) noexcept nogil
    cdef void observe_motifs(self, long long payer, long long payee, long long event_time_ms, double* row) noexcept nogil
    cdef void observe_chain(self, long long payer, long long payee, long long event_time_ms, long long amount_fen, double* row) noexcept nogil
    cdef void observe_liquidation(self, long long payer, long long now_ms, double* row) noexcept nogil
    cdef int push(self, long long payer, long long payee, long long event_time_ms, long long amount_fen, long long liquid) except -1 nogil
    cdef long long hops(self, long long account) noexcept nogil
    cdef long long taint(self, long long account, long long now_ms) noexcept nogil
    cdef long long decayed(self, long long pool, long long steps) noexcept nogil
    cdef void pour(self, long long* head, long long now_ms, long long amount_fen, long long share) noexcept nogil
    cdef bint goes_on(self, long long payer, long long now_ms, long long amount_fen) noexcept nogil
    cdef void spread_nearness(self, long long source, long long target) noexcept nogil
    cdef int note_edge(self, long long* ring, long long counterparty, long long now_ms, long long amount_fen, long long dwell_ms) except -1 nogil
    cdef long long* edge(self, long long* ring, long long i) noexcept nogil
    cdef long long count_between(self, long long* sources, long long source_floor_ms, long long* targets, long long target_floor_ms) noexcept nogil
    cdef void mark(self, long long account) noexcept nogil
