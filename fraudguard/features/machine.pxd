# cython: boundscheck=False, wraparound=False, initializedcheck=False
# The few steps that C and Python say differently; `machine.py` is the same for a run from the source.

from libc.stdlib cimport free, realloc
from fraudguard.features.arena cimport Arena

cdef extern from *:
    """
    /* Pages of nothing, which the system hands out one by one as they are touched. C's allocator may give memory that was
       used before and must be cleared, all of it in the one call that asks. */
    #if defined(__unix__) || defined(__APPLE__)
    #include <sys/mman.h>
    static void *fraudguard_take_pages(size_t size) {
        void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return pages == MAP_FAILED ? NULL : pages;
    }
    static void fraudguard_give_pages(void *pages, size_t size) { munmap(pages, size); }
    #else
    static void *fraudguard_take_pages(size_t size) { return calloc(size, 1); }
    static void fraudguard_give_pages(void *pages, size_t size) { (void)size; free(pages); }
    #endif
    """
    void* fraudguard_take_pages(size_t size) noexcept nogil
    void fraudguard_give_pages(void* pages, size_t size) noexcept nogil

cdef inline long long* zeros(long long n) noexcept nogil:
    return <long long*>fraudguard_take_pages(8 * n)

cdef inline void give_back(long long* words, long long n) noexcept nogil:
    fraudguard_give_pages(words, 8 * n)

cdef inline long long* at(Arena arena, long long place) noexcept nogil:
    return arena.bases[place >> arena.bits] + place * arena.width

# Where record 0 of an arena would lie if the chunk that begins with word `n` were all of it: finding a record is one step shorter.
cdef inline long long* base_of(long long* chunk, long long n) noexcept nogil:
    return <long long*>(<size_t>chunk - <size_t>n * 8)

cdef inline long long* ring_at(Arena records, Arena blocks, long long* ring, long long i) noexcept nogil:
    if ring[1] <= records.longest:
        return at(records, ring[0] + (i & (ring[1] - 1)))
    return at(records, at(blocks, ring[0] + ((i >> 8) & ((ring[1] >> 8) - 1)))[0] - 1 + (i & 255))

cdef inline long long* words_of(long long[::1] view) noexcept nogil:
    return &view[0]

cdef inline double* doubles_of(double[::1] view) noexcept nogil:
    return &view[0]

cdef inline long long* ahead(long long* words, long long n) noexcept nogil:
    return words + n

cdef inline double* doubles_ahead(double* doubles, long long n) noexcept nogil:
    return doubles + n

cdef inline long long signed64(unsigned long long value) noexcept nogil:
    return <long long>value

cdef inline double as_double(long long value) noexcept nogil:
    return <double>value if value >= 0 else <double><unsigned long long>value

cdef inline unsigned long long unsigned64(long long value) noexcept nogil:
    return <unsigned long long>value

cdef extern from "Python.h":
    object PyMemoryView_FromMemory(char* memory, Py_ssize_t size, int flags)
    int PyBUF_READ
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size) except NULL

cdef extern from *:
    """
    #include <structmember.h>
    /* The fields of a slotted struct lie at fixed places: reading them there skips the look-up of a name. */
    static Py_ssize_t fraudguard_member_offset(PyObject *descriptor) {
        if (!Py_IS_TYPE(descriptor, &PyMemberDescr_Type)) return -1;
        return ((PyMemberDescrObject *)descriptor)->d_member->offset;
    }
    static PyObject *fraudguard_member(PyObject *owner, Py_ssize_t offset) {
        PyObject *value = *(PyObject **)((char *)owner + offset);
        if (value == NULL) value = Py_None;
        Py_INCREF(value);
        return value;
    }
    """
    Py_ssize_t fraudguard_member_offset(object descriptor)
    object fraudguard_member(object owner, Py_ssize_t offset)

cdef extern from *:
    """
    #include <datetime.h>
    /* Days since 1970 of a day of the Gregorian calendar, counted in eras of 400 years that begin with March. */
    static long long fraudguard_days(int year, int month, int day) {
        long long y = year - (month <= 2);
        long long era = y / 400, in_era = y - era * 400;
        long long in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
    }
    /* Whether a moment is a plain datetime in UTC; its milliseconds. */
    static int fraudguard_plain_ms(PyObject *moment, PyObject *utc, PyObject *kind, long long *ms) {
        PyDateTime_DateTime *m = (PyDateTime_DateTime *)moment;
        (void)PyDateTimeAPI;
        if ((PyObject *)Py_TYPE(moment) != kind || !m->hastzinfo || m->tzinfo != utc) return 0;
        *ms = fraudguard_days(PyDateTime_GET_YEAR(m), PyDateTime_GET_MONTH(m), PyDateTime_GET_DAY(m)) * 86400000
            + (PyDateTime_DATE_GET_HOUR(m) * 3600 + PyDateTime_DATE_GET_MINUTE(m) * 60 + PyDateTime_DATE_GET_SECOND(m)) * 1000
            + PyDateTime_DATE_GET_MICROSECOND(m) / 1000;
        return 1;
    }
    static double fraudguard_number(PyObject *value) {
        if (PyBool_Check(value)) return value == Py_True;
        return PyLong_CheckExact(value) ? PyLong_AsDouble(value) : PyFloat_AsDouble(value);
    }
    """
    bint fraudguard_plain_ms(object moment, object utc, object kind, long long* ms)
    double fraudguard_number(object value) except? -1

cdef inline double number_of(object value) except? -1:
    return fraudguard_number(value)

# `utc` is UTC itself, and tells the type of a moment by its epoch: (UTC, datetime, epoch).
cdef inline long long moment_ms(object moment, tuple utc) except? -1:
    cdef long long ms = 0
    if fraudguard_plain_ms(moment, utc[0], utc[1], &ms):
        return ms
    since = moment - utc[2]
    return <long long>since.days * 86400000 + <long long>since.seconds * 1000 + <long long>since.microseconds // 1000

cdef inline object member_key(object kind, str name):
    return fraudguard_member_offset(getattr(kind, name))

cdef inline object member(object owner, Py_ssize_t key):
    return fraudguard_member(owner, key)

cdef extern from "string.h" nogil:
    void* memcpy(void* target, const void* source, size_t size)

cdef inline long long* words_at(long long* words) noexcept nogil:
    return words

cdef inline unsigned long long scrambled(unsigned long long word) noexcept nogil:
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9ULL
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBULL
    return word ^ (word >> 31)

cdef inline long long mixed(long long one, long long two) noexcept nogil:
    return <long long>(scrambled(<unsigned long long>one * 0x9E3779B97F4A7C15ULL + <unsigned long long>two) >> 1)

cdef inline int hash_text(str text, long long seed, long long* key) except -1:
    cdef Py_ssize_t size = 0
    cdef const char* utf8 = PyUnicode_AsUTF8AndSize(text, &size)
    cdef unsigned long long one = scrambled(<unsigned long long>seed ^ <unsigned long long>size)
    cdef unsigned long long two = scrambled(one + 0x9E3779B97F4A7C15ULL)
    cdef unsigned long long word
    cdef Py_ssize_t i = 0
    while i < size:
        word = 0
        memcpy(&word, utf8 + i, min(size - i, 8))
        one = scrambled(one ^ word)
        two = scrambled(two + word * 0xD6E8FEB86659FD93ULL)
        i += 8
    key[0] = <long long>one
    key[1] = <long long>two
    return 0

cdef inline object bytes_of(long long* words, long long size):
    return PyMemoryView_FromMemory(<char*>words, size, PyBUF_READ)

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define FRAUDGUARD_PREFETCH(place) __builtin_prefetch((place), 1)
    #else
    #define FRAUDGUARD_PREFETCH(place) ((void)0)
    #endif
    """
    void FRAUDGUARD_PREFETCH(const void* place) noexcept nogil

cdef inline void touch(long long* words, long long n) noexcept nogil:
    cdef char* place = <char*>words
    cdef char* until = place + 8 * min(n, 64)
    while place < until:
        FRAUDGUARD_PREFETCH(place)
        place = <char*>((<size_t>place | 63) + 1)

cdef inline void soon(double* row, long long n) noexcept nogil:
    cdef char* place = <char*>row
    cdef char* until = place + 8 * min(n, 64)
    while place < until:
        FRAUDGUARD_PREFETCH(place)
        place = <char*>((<size_t>place | 63) + 1)
