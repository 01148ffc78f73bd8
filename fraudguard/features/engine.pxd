# The online kernel's own state; see `engine.py`.

from fraudguard.features.codes cimport *
from fraudguard.features.index cimport Index
from fraudguard.features.kernel cimport Program, State, flags_of, foresee, foresee_runs, push_row, read_row
from fraudguard.features.machine cimport ahead, doubles_of, member, member_key, moment_ms, number_of, words_at
from fraudguard.features.past cimport Pasts
from libc.math cimport NAN

cdef class Engine:
    cdef readonly Program program
    cdef readonly State state
    cdef readonly Index accounts
    cdef readonly Index pairs
    cdef readonly Index devices
    cdef readonly Index holders
    cdef readonly Index links
    cdef readonly Index transfers
    cdef readonly Index findings
    cdef long long ids[9]
    cdef long long hashes[8]
    cdef object payer_key
    cdef object payee_key
    cdef object device_key
    cdef object time_key
    cdef object amount_key
    cdef object id_key
    cdef long long oldest
    cdef long long newest
    cdef long long retention_ms
    cdef bint remembers_ids
    cdef readonly long long n_late
    cdef readonly long long n_duplicates
    cdef object last
    cdef long long last_ms
    cdef object kind
    cdef list words
    cdef int kinds[64]
    cdef Py_ssize_t keys[64]
    cdef Py_ssize_t n_fields
    cdef long long[::1] field_slots
    cdef double[::1] row
    cdef object outputs

    cdef Py_ssize_t new_account(self, str text) except -1
    cdef int find_ids(self, object transfer) except -1
    cdef int look_up(self, object transfer) except -1
    cdef int fill_fields(self, object transfer, Py_ssize_t begin, Py_ssize_t until) except -1
    cdef double place_of(self, Py_ssize_t field, object value) except? -1
    cdef int remember_id(self) except -1
    cdef int add_ids(self, object transfer) except -1
    cdef Py_ssize_t link(self, Pasts store, long long entity, long long counterparty, long long kind) except -1
    cdef void foresee_last(self, Pasts store, long long entity, long long counterparty, long long kind) noexcept nogil
    cdef void foresee_link(self, Pasts store, long long entity, long long counterparty, long long kind) noexcept nogil
    cdef int remember(self, long long amount_fen, long long liquid) except -1
    cdef bint is_late(self, long long payer, long long payee, long long event_time_ms) noexcept nogil
