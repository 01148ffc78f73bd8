# What `engine.py` may call of `kernel.py` without leaving C.

from fraudguard.features.codes cimport *
from fraudguard.features.facts cimport Facts
from fraudguard.features.machine cimport ahead, words_of
from fraudguard.features.neighbours cimport Neighbours
from fraudguard.features.past cimport Pasts
from fraudguard.features.recall cimport read_past
from fraudguard.features.vicinity cimport foresee_payers, observe_network
from libc.math cimport NAN, floor, fmod, isnan, log10

cdef class Program:
    cdef long long[::1] readings
    cdef long long[::1] starts
    cdef long long[::1] lifelong
    cdef long long[::1] observations
    cdef long long[::1] operations
    cdef double[::1] constants
    cdef double neighbourhood[64]
    cdef long long network_slots[64]
    cdef readonly long long n_observations
    cdef readonly long long n_operations
    cdef readonly bint reads_network
    cdef readonly long long n_slots
    cdef readonly long long n_outputs

    cdef void operate(self, double* row) noexcept nogil

cdef class State:
    cdef readonly Pasts out
    cdef readonly Pasts into
    cdef readonly Pasts pair
    cdef readonly Pasts device
    cdef readonly Pasts holder_out
    cdef readonly Pasts holder_into
    cdef readonly Neighbours network
    cdef readonly Facts facts

cdef void read_view(State state, Program program, long long view, long long entity, long long event_time_ms, double* row) noexcept nogil
cdef void observe(State state, Program program, long long payer, long long payee, long long event_time_ms, long long amount_fen, double* row) noexcept nogil
cdef long long flags_of(long long event_time_ms, long long amount_fen, bint is_first) noexcept nogil
cdef double operation(long long operator, double left, double right) noexcept nogil
cdef double comparison(long long operator, double left, double right) noexcept nogil
cdef double quotient_or_log(long long operator, double left, double right) noexcept nogil
cdef double remainder(double left, double right) noexcept nogil
cdef double quotient(double left, double right) noexcept nogil
cdef void read_row(State state, Program program, long long* ids, long long event_time_ms, long long amount_fen, double* row) noexcept nogil
cdef int push_row(State state, Program program, long long* ids, long long event_time_ms, long long amount_fen, long long flags, long long liquid) except -1 nogil
cdef void foresee(State state, Program program, long long* ids) noexcept nogil
cdef void foresee_runs(State state, Program program, long long* ids) noexcept nogil
