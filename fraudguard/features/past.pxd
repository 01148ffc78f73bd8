# What `kernel.py` may call of `past.py` without leaving C.

from fraudguard.features.arena cimport Arena
from fraudguard.features.codes cimport *
from fraudguard.features.machine cimport ahead, at, ring_at, signed64, touch, unsigned64
from fraudguard.features.ring cimport make_room, release
from libc.math cimport log10

cdef class Pasts:
    cdef Arena heads
    cdef Arena events
    cdef Arena peaks
    cdef Arena blocks
    cdef Arena lasts
    cdef readonly long long needs
    cdef readonly long long n_windows
    cdef long long windows_ms[32]
    cdef long long firsts[32]
    cdef long long found
    cdef long long found_ms
    cdef long long spread_at
    cdef long long shares_at
    cdef long long spread_total
    cdef long long shares_total
    cdef long long max_at
    cdef long long min_at
    cdef long long tails_at
    cdef long long distinct_at

    cpdef int reserve(self, long long n_entities, long long n_links) except -1 nogil
    cdef long long length(self, long long entity) noexcept nogil
    cdef long long watermark_ms(self, long long entity) noexcept nogil
    cdef int remember(self, long long entity, long long event_time_ms, long long amount_fen, long long flags, long long link) except -1 nogil
    cdef int append(self, long long entity, long long* head, long long event_time_ms, long long amount_fen, long long flags, long long link) except -1 nogil
    cdef int forget_all(self) except -1 nogil
    cdef long long* event(self, long long* head, long long i) noexcept nogil
    cdef void foresee(self, long long entity) noexcept nogil
    cdef void foresee_link(self, long long link) noexcept nogil
    cdef void foresee_run(self, long long entity) noexcept nogil
    cdef void foresee_peaks(self, long long* queue) noexcept nogil
    cdef void find(self, long long entity, long long* head, long long now_ms) noexcept nogil
    cdef long long time_ms(self, long long* head, long long i) noexcept nogil
    cdef long long first_inside(self, long long* head, long long low, long long floor_ms) noexcept nogil
    cdef long long count_live(self, long long* head, long long first, long long until) noexcept nogil
    cdef long long first_peak(self, long long* queue, long long low, long long oldest) noexcept nogil
    cdef long long last_peak(self, long long* queue, long long low, long long high, long long amount, long long sign) noexcept nogil
    cdef void note_totals(self, long long* head, long long* event, long long amount_fen, long long flags) noexcept nogil
    cdef int advance(self, long long entity, long long* head, long long now_ms) except -1 nogil
    cdef int note_extremes(self, long long* head, long long i, long long amount_fen) except -1 nogil
    cdef int note_extreme(self, long long* queue, long long i, long long amount_fen, long long sign) except -1 nogil
    cdef void supersede(self, long long* head, long long link, long long end) noexcept nogil
