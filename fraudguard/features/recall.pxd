# What `kernel.py` may call of `recall.py` without leaving C.

from fraudguard.features.codes cimport *
from fraudguard.features.machine cimport ahead, as_double, at, ring_at, unsigned64
from fraudguard.features.past cimport Pasts
from libc.math cimport NAN, sqrt

cdef void read_past(Pasts past, long long entity, long long event_time_ms, long long* readings, long long n, long long* lifelong, double* row) noexcept nogil
cdef void read_head(Pasts past, long long entity, long long* head, long long event_time_ms, long long* readings, long long n, long long* lifelong, double* row) noexcept nogil
cdef void read_life(long long* head, long long now_ms, long long* lifelong, double* row) noexcept nogil
cdef void read_window(Pasts past, long long* head, long long* event, long long first, long long* slots, double* row) noexcept nogil
cdef void read_rare(Pasts past, long long* head, long long* event, long long* slots, long long count, double* row) noexcept nogil
cdef void read_empty(long long* slots, double* row) noexcept nogil
cdef void read_nothing(long long entity, long long* readings, long long n, long long* lifelong, double* row) noexcept nogil
cdef double distinct(Pasts past, long long* head, long long window, long long count) noexcept nogil
cdef double spread(Pasts past, long long* head, long long* event, long long n) noexcept nogil
cdef double extreme(Pasts past, long long* queue, long long first) noexcept nogil
cdef double flagged(Pasts past, long long* head, long long* event, long long flag) noexcept nogil
