# The steps of `groups.py` that run without Python.

from fraudguard.features.kernel cimport Program, State
from fraudguard.features.past cimport Pasts

cdef int run_groups(State state, Program program, Pasts first, Pasts second, long long* halves, long long* starts, long long n_groups, long long* views, double* rows) except -1 nogil
cdef int run_group(State state, Program program, Pasts first, Pasts second, long long* half, long long n, long long* views, double* rows) except -1 nogil
cdef void read_half(State state, Program program, long long* half, long long* views, double* rows) noexcept nogil
cdef int push_half(Pasts first, Pasts second, long long* half) except -1 nogil
cdef void foresee(Program program, long long* half, long long* views, double* rows) noexcept nogil
