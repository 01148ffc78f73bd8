"""The plain C loop of `reference.c`: compiled here, called with arrays, timed like any other engine."""

import ctypes
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from log import N_ACCOUNTS, Integers, Log
from work import Call, Matrix, Side, Work

__all__ = ["ahead", "plain"]

_SOURCE: Final = Path(__file__).with_name("reference.c")
_AHEAD: Final = 12
"""Transfers between asking memory for a row and writing it; 8 to 24 take the same time."""

_INTEGERS: Final = np.ctypeslib.ndpointer(np.int64, ndim=1, flags="C_CONTIGUOUS")
_FEATURES: Final = np.ctypeslib.ndpointer(np.float64, ndim=2, flags=("C_CONTIGUOUS", "WRITEABLE"))
_INTEGER: Final = ctypes.c_int64
_COLUMNS: Final = (_INTEGERS, _INTEGERS, _INTEGERS, _INTEGER, _INTEGER)
_WINDOWS: Final = (_INTEGERS, _INTEGER, _INTEGER)
_PLACES: Final = (_FEATURES, _INTEGER, _INTEGER, _INTEGER)
_ARGUMENTS: Final = (*_COLUMNS, *_WINDOWS, *_PLACES)
"""As `replay_side` takes them: ctypes refuses an array of another type or layout."""


def plain(log: Log, work: Work) -> Call:
    """Prepare the loop as anyone would write it."""
    return partial(_replayed, _compiled(), log, work, ahead=0)


def ahead(log: Log, work: Work) -> Call:
    """Prepare the loop that asks for the rows it will write, which hides much of the memory's delay."""
    return partial(_replayed, _compiled(), log, work, ahead=_AHEAD)


def _compiled() -> ctypes.CDLL:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "reference.so")
        command = [shutil.which("gcc") or "gcc", "-O3", "-shared", "-fPIC", "-o", str(path), str(_SOURCE)]
        subprocess.run(command, check=True)  # our own file
        library = ctypes.CDLL(str(path))
    library.replay_side.argtypes = _ARGUMENTS
    return library


def _replayed(library: ctypes.CDLL, log: Log, work: Work, *, ahead: int) -> Matrix:
    matrix = np.empty((len(log), len(work.reducers)))
    for side in work.sides:
        places = (matrix, matrix.shape[1], work.first_column(side), ahead)
        failed = library.replay_side(*_asked(log, work, side), *places)
        if failed:
            raise MemoryError(f"reference.c ended with {failed}")
    return matrix


def _asked(log: Log, work: Work, side: Side) -> tuple[Integers | int | bool, ...]:
    accounts = log.payers if side.key == "payer" else log.payees
    windows = np.array(work.windows_ms)
    columns = (accounts, log.times_ms, log.amounts_fen, len(log), N_ACCOUNTS)
    return (*columns, windows, len(windows), "max" in side.reducers)
