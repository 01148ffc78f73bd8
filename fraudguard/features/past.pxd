# What `kernel.py` may call of `past.py` without leaving C.

cdef class Pasts:
    cdef long long[:, ::1] heads
    cdef unsigned long long[::1] totals
    cdef long long[::1] times_ms
    cdef unsigned long long[::1] before
    cdef long long[::1] peaks
    cdef long long longest_ms
    cdef long long used
    cdef dict free

    cdef long long end(self, long long entity)
    cdef long long watermark_ms(self, long long entity)
    cdef long long first_inside(self, long long entity, long long floor_ms, long long newer)
    cdef unsigned long long sum_from(self, long long entity, long long first)
    cdef unsigned long long largest_from(self, long long entity, long long first)
    cdef remember(self, long long entity, long long event_time_ms, unsigned long long amount_fen)
    cdef unsigned long long amount(self, long long entity, long long i)
    cdef release(self, long long entity, long long floor_ms)
    cdef grow(self, long long entity)
    cdef long long take(self, long long capacity)
