# Trees as flat arrays: what `forest.py` holds, typed.

from libc.math cimport fabs, isnan

cdef class Forest:
    cdef readonly Py_ssize_t n_features
    cdef readonly Py_ssize_t n_outputs
    cdef readonly Py_ssize_t n_trees
    cdef const int[::1] roots
    cdef const int[::1] first_nodes
    cdef const int[::1] n_points
    cdef const int[::1] asked
    cdef int[::1] ends
    cdef const int[::1] feature
    cdef const int[::1] child
    cdef const int[::1] kind
    cdef const int[::1] category
    cdef const int[::1] bounds
    cdef const int[::1] above
    cdef const int[::1] before
    cdef const unsigned int[::1] bits
    cdef const double[::1] threshold
    cdef const double[::1] share
    cdef const double[::1] leaf
    cdef const double[::1] points
    cdef const double[::1] weights
    cdef const double[::1] row
    cdef double[::1] parts
    cdef double[::1] one
    cdef double[::1] zero
    cdef double[::1] factors
    cdef double[::1] products
    cdef double[::1] sums
    cdef double[::1] ratios
    cdef double[::1] others

    cdef int follow(self, int node) noexcept nogil
    cdef int step(self, int node) noexcept nogil
    cdef void go_down(self, int tree) noexcept nogil
    cdef void enter(self, int tree, int branch, int taken) noexcept nogil
    cdef void come_up(self, int tree) noexcept nogil
    cdef double leave(self, int tree, int branch) noexcept nogil
