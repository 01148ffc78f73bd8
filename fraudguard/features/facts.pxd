# What `kernel.py` may call of `facts.py` without leaving C.

from fraudguard.features.arena cimport Arena
from fraudguard.features.codes cimport *
from fraudguard.features.machine cimport ahead, at
from libc.math cimport NAN

cdef class Facts:
    cdef Arena accounts
    cdef Arena holders
    cdef Arena signals
    cdef Arena heard
    cdef readonly long long n_fields
    cdef long long of_account[2]
    cdef long long of_holder[2]
    cdef bint covered[8]

    cpdef int reserve(self, long long n_accounts, long long n_holders) except -1 nogil
    cdef long long holder(self, long long account) noexcept nogil
    cdef void observe(self, long long payer, long long payee, long long event_time_ms, long long* observations, long long n, double* row) noexcept nogil
    cdef double field(self, long long account, long long place) noexcept nogil
    cdef void note_signals(self, long long payer, long long payee, long long event_time_ms) noexcept nogil
    cdef double signal(self, long long side, long long kind, long long source, long long event_time_ms) noexcept nogil
    cdef double since_signal(self, long long side, long long kind, long long event_time_ms) noexcept nogil
    cdef Py_ssize_t new_signals(self) except -1 nogil
