# C only: nothing here is called from Python.
