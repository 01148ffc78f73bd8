# What `kernel.py` may call of `facts.py` without leaving C.

from fraudguard.features.arena cimport Arena

cdef class Facts:
    cdef Arena accounts
    cdef Arena holders
    cdef Arena signals
    cdef Arena heard
    cdef readonly long long n_fields

    cpdef int reserve(self, long long n_accounts, long long n_holders) except -1 nogil
    cdef long long holder(self, long long account) noexcept nogil
    cdef void observe(self, long long payer, long long payee, long long event_time_ms, long long* observations, long long n, double* row) noexcept nogil
    cdef double field(self, long long account, long long place) noexcept nogil
    cdef double signal(self, long long account, long long kind, long long source, long long event_time_ms) noexcept nogil
    cdef double since_signal(self, long long account, long long kind, long long event_time_ms) noexcept nogil
    cdef bint is_covered(self, long long source, long long event_time_ms) noexcept nogil
    cdef long long signal_word(self, long long account, long long kind, long long place, bint of_holder) noexcept nogil
    cdef Py_ssize_t new_signals(self) except -1 nogil
