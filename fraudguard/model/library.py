"""LightGBM's shared library by ctypes, without its Python package.

The Python package imports pandas, scikit-learn and scipy: seconds of start and hundreds of
megabytes that a service has no use for. Only the C interface is spoken here.
"""

import ctypes
import threading
import weakref
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.errors import ArtifactError
from fraudguard.model.forest import Forest
from fraudguard.model.tree_text import read_trees

__all__ = ["Ensemble", "Parts"]

_FLOAT64: Final = 1
_RAW_SCORE: Final = 1
_FIRST_TREE: Final = 0
_ALL_TREES: Final = -1
_ONE_THREAD: Final = b"num_threads=1"
_FILE_NAMES: Final = ("lib_lightgbm.so", "lib_lightgbm.dylib", "lib_lightgbm.dll")
_FOLDERS: Final = ("lib", "bin", "")


class Ensemble:
    """Trees loaded from a LightGBM text model: raw score of one row by its library, exact contributions by our own.

    Calls from several threads wait for each other.

    Parameters
    ----------
    text : str
        The model as LightGBM wrote it.
    n_outputs : int
        Raw scores of a row: one for fraud, one a type where trees tell types apart.

    Raises
    ------
    ArtifactError
        If the library is not installed or does not take the text.
    """

    def __init__(self, text: str, *, n_outputs: int = 1) -> None:
        library = _library()
        booster, iterations, features = ctypes.c_void_p(), ctypes.c_int(0), ctypes.c_int(0)
        _call(library, "BoosterLoadModelFromString", text.encode(), ctypes.byref(iterations), ctypes.byref(booster))
        weakref.finalize(self, library.LGBM_BoosterFree, booster)
        _call(library, "BoosterGetNumFeature", booster, ctypes.byref(features))
        self.n_features = features.value
        self._raw = _Row(library, booster, n_features=features.value, n_outputs=n_outputs)
        self._parts = Parts(text) if n_outputs == 1 else None

    def margin(self, vector: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the raw score in log-odds, shape (n_outputs,): bit for bit `booster.predict(raw_score=True)`."""
        return self._raw.predict(vector)

    def contributions(self, vector: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the exact part of each feature in the raw score, and last what a row starts from, shape (n_features + 1,).

        Raises
        ------
        ArtifactError
            If a row has several raw scores.
        """
        if self._parts is None:
            raise ArtifactError("several raw scores have no one explanation", "多个原始分数没有单一的解释")
        return self._parts.of_row(vector)


class Parts:
    """Exact contributions of the features of a model with one raw score; calls from several threads wait for each other.

    Parameters
    ----------
    text : str
        The model as LightGBM wrote it.

    Raises
    ------
    ArtifactError
        If it cannot be read.
    """

    def __init__(self, text: str) -> None:
        trees = read_trees(text)
        self._forest = Forest(trees)
        self._expected = trees.expected
        self._lock = threading.Lock()

    def of_row(self, vector: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the parts of one row, and last what a row starts from, shape (n_features + 1,)."""
        parts = np.empty(self._forest.n_features + 1)
        parts[-1] = self._expected
        with self._lock:
            self._forest.contributions(np.require(vector, np.float64, ["C", "W"]), parts[:-1])
        return parts

    def of_rows(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the parts of many rows, shape (n_rows, n_features + 1)."""
        return np.array([self.of_row(row) for row in rows]).reshape(len(rows), self._forest.n_features + 1)


class _Row:
    """Prediction of one row with buffers of its own; LightGBM calls it a fast config."""

    def __init__(self, library: ctypes.PyDLL, booster: ctypes.c_void_p, *, n_features: int, n_outputs: int) -> None:
        self._lock = threading.Lock()
        self._input = np.zeros(n_features, dtype=np.float64)
        self._output = np.zeros(n_outputs, dtype=np.float64)
        self._length = ctypes.c_int64(0)
        config = ctypes.c_void_p()
        shape = (_RAW_SCORE, _FIRST_TREE, _ALL_TREES, _FLOAT64, ctypes.c_int32(n_features), _ONE_THREAD)
        _call(library, "BoosterPredictForMatSingleRowFastInit", booster, *shape, ctypes.byref(config))
        weakref.finalize(self, library.LGBM_FastConfigFree, config)
        self._predict = library.LGBM_BoosterPredictForMatSingleRowFast
        # The addresses are of buffers that live as long as this object.
        self._arguments = (
            config,
            ctypes.c_void_p(self._input.ctypes.data),
            ctypes.byref(self._length),
            ctypes.c_void_p(self._output.ctypes.data),
        )

    def predict(self, vector: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return a fresh copy of the outputs for a row.

        Raises
        ------
        ArtifactError
            If LightGBM refuses, which it has no reason to.
        """
        with self._lock:
            self._input[:] = vector
            if self._predict(*self._arguments) != 0:
                raise ArtifactError("LightGBM could not score a row", "LightGBM 无法为该行评分")
            return self._output.copy()


def _call(library: ctypes.PyDLL, name: str, *arguments: Any) -> None:  # noqa: ANN401  # C takes what C takes
    if getattr(library, f"LGBM_{name}")(*arguments) != 0:
        said = library.LGBM_GetLastError().decode("utf-8", "replace")
        raise ArtifactError(
            f"LightGBM's {name} failed: {said}; the model file may be damaged: train or copy it again",
            f"LightGBM 的 {name} 失败：{said}；模型文件可能已损坏，请重新训练或复制",
        )


@cache
def _library() -> ctypes.PyDLL:
    """Load the library; PyDLL keeps the interpreter's lock, cheaper than letting it go for 30 microseconds.

    Raises
    ------
    ArtifactError
        If it is not installed.
    """
    spec = find_spec("lightgbm")
    roots = [] if spec is None else [Path(root) for root in spec.submodule_search_locations or ()]
    places = (root / folder / name for root in roots for folder in _FOLDERS for name in _FILE_NAMES)
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise ArtifactError(
            "LightGBM's shared library was not found; install it with: pip install lightgbm",
            "未找到 LightGBM 的动态库；请安装：pip install lightgbm",
        )
    library = ctypes.PyDLL(str(path))
    library.LGBM_GetLastError.restype = ctypes.c_char_p
    return library
