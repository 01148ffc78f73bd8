# What `kernel.py` may call of `vicinity.py` without leaving C.

from fraudguard.features.codes cimport *
from fraudguard.features.machine cimport ahead, at, doubles_ahead, ring_at, touch
from fraudguard.features.neighbours cimport Neighbours
from fraudguard.features.standing cimport observe_findings, observe_standing
from libc.math cimport NAN

cdef void foresee_payers(Neighbours network, long long payee) noexcept nogil
cdef void observe_network(Neighbours network, long long payer, long long payee, long long event_time_ms, long long amount_fen, double* row) noexcept nogil
cdef void observe_acquaintance(Neighbours network, long long payer, long long payee, double* row) noexcept nogil
cdef bint stands_before(Neighbours network, long long* head, long long side, long long place, long long account) noexcept nogil
cdef bint stands_in(Neighbours network, long long* head, long long account) noexcept nogil
cdef void observe_payers(Neighbours network, long long payee, long long now_ms, double* row) noexcept nogil
cdef void observe_motifs(Neighbours network, long long payer, long long payee, long long event_time_ms, double* row) noexcept nogil
cdef long long count_between(Neighbours network, long long* sources, long long source_floor_ms, long long* targets, long long target_floor_ms) noexcept nogil
cdef void observe_chain(Neighbours network, long long payer, long long payee, long long event_time_ms, long long amount_fen, double* row) noexcept nogil
cdef void observe_liquidation(Neighbours network, long long payer, long long now_ms, double* row) noexcept nogil
