# What `stretch.py` takes from the other modules without leaving C.

from fraudguard.features.codes cimport *
from fraudguard.features.kernel cimport Program, State, push_row, read_row
from fraudguard.features.machine cimport ahead, doubles_ahead, doubles_of, words_of
