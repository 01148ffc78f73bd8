# What `vicinity.py` may call of `standing.py` without leaving C.

from fraudguard.features.codes cimport *
from fraudguard.features.machine cimport ahead, at, doubles_ahead, ring_at
from fraudguard.features.neighbours cimport Neighbours
from libc.math cimport NAN

cdef void observe_standing(Neighbours network, long long payer, long long payee, long long now_ms, double* row) noexcept nogil
cdef void observe_victims(Neighbours network, long long payee, long long now_ms, double* row) noexcept nogil
cdef void observe_findings(Neighbours network, long long account, long long now_ms, double* row) noexcept nogil
cdef void observe_side(Neighbours network, long long* ring, long long now_ms, double* row) noexcept nogil
