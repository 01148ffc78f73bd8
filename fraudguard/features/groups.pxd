# The steps of `groups.py` that run without Python.

from fraudguard.features.codes cimport *
from fraudguard.features.kernel cimport Program, State, observe, read_view
from fraudguard.features.machine cimport ahead, at, doubles_ahead, doubles_of, soon, words_of
from fraudguard.features.past cimport Pasts
from fraudguard.features.recall cimport read_head, read_nothing, read_past
from fraudguard.features.vicinity cimport foresee_payers

cdef int run_groups(Program program, Pasts first, Pasts second, long long* halves, long long* starts, long long n_groups, long long* views, double* rows) except -1 nogil
cdef int run_group(Program program, Pasts first, Pasts second, long long* half, long long n, long long* views, double* rows) except -1 nogil
cdef void read_half(Program program, Pasts first, Pasts second, long long* half, long long* views, double* rows) noexcept nogil
cdef int push_half(Pasts first, Pasts second, long long* half) except -1 nogil
cdef void foresee(Program program, long long* half, long long* views, double* rows) noexcept nogil
cdef void read_side(Program program, Pasts store, long long view, long long event_time_ms, double* row) noexcept nogil
cdef int run_view(Program program, Pasts store, long long* half, long long n, long long* views, double* rows) except -1 nogil
