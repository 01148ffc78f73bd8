"""Read the text that LightGBM writes of a model into flat arrays."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.errors import ArtifactError

__all__ = ["TreeArrays", "read_trees"]

_Ints = NDArray[np.int32]
_Doubles = NDArray[np.float64]
_LEAST: Final = 1e-100
_CATEGORICAL: Final = 1
_DEFAULT_LEFT: Final = 2
_MISSING_ZERO: Final = 1
_MISSING_NAN: Final = 2


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TreeArrays:
    """Every node and leaf of a model, numbered through all trees.

    A child below 0 is a leaf: -1 - *i* is leaf *i*. Branch 2 *i* leads from node *i* to the left, 2 *i* + 1 to the right.

    Parameters
    ----------
    n_features, n_outputs : int
        Of a row; raw scores of a row, tree *i* adds to output *i* modulo `n_outputs`.
    roots : ndarray of int32, shape (n_trees,)
        First node of each tree, or its only leaf.
    first_nodes : ndarray of int32, shape (n_trees + 1,)
        Where the nodes of each tree begin.
    feature, kind, category : ndarray of int32, shape (n_nodes,)
        What is asked at a node, LightGBM's kind of decision, and which set of words.
    threshold : ndarray of float64, shape (n_nodes,)
        Up to which value the left is taken.
    child : ndarray of int32, shape (2 n_nodes,)
        Where each branch leads.
    share : ndarray of float64, shape (2 n_nodes,)
        Share of the training rows at a node that took each branch; never quite 0.
    bounds : ndarray of int32
        Where the bits of each set of words begin, and where the last ends.
    bits : ndarray of uint32
        The words that go left.
    leaf : ndarray of float64, shape (n_leaves,)
        What a leaf gives.
    expected : float
        What a row starts from: the mean over the training rows; of a model with one output.

    Attributes
    ----------
    above, before, n_points : ndarray of int32
        The ways through the trees, for the contributions.
    asked : ndarray of int32, shape (4 n_nodes,)
        Of each node side by side: feature, flags, where left and where right lead. Flag 1: a missing value goes right; flag 2: a
        threshold alone does not tell.
    points, weights : ndarray of float64
        Gauss and Legendre's rules.
    """

    n_features: int
    n_outputs: int
    roots: _Ints
    first_nodes: _Ints
    feature: _Ints
    kind: _Ints
    category: _Ints
    threshold: _Doubles
    child: _Ints
    share: _Doubles
    bounds: _Ints
    bits: NDArray[np.uint32]
    leaf: _Doubles
    expected: float
    above: _Ints = field(init=False)
    before: _Ints = field(init=False)
    n_points: _Ints = field(init=False)
    asked: _Ints = field(init=False)
    reach: int = field(init=False)
    points: _Doubles = field(init=False)
    weights: _Doubles = field(init=False)

    def __post_init__(self) -> None:
        above, before, n_points = self._ways()
        reach = int(n_points.max(initial=1))
        rules = [np.polynomial.legendre.leggauss(n) for n in range(1, reach + 1)]
        made = {
            "above": above,
            "before": before,
            "n_points": n_points,
            "reach": reach,
            "asked": self._asked(),
            # The rules for 1, 2, 3 … points one behind the other, on [0, 1].
            "points": np.concatenate([(1 + nodes) / 2 for nodes, _ in rules]),
            "weights": np.concatenate([weights / 2 for _, weights in rules]),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def _asked(self) -> _Ints:
        """Return what a walk needs of each node, side by side in memory."""
        missing = self.kind >> 2
        goes_right = np.where(missing == _MISSING_NAN, self.kind & _DEFAULT_LEFT == 0, ~(self.threshold >= 0.0))
        special = (self.kind & _CATEGORICAL != 0) | (missing == _MISSING_ZERO)
        beside = (self.feature, goes_right + 2 * special, self.child[::2], self.child[1::2])
        return np.column_stack(beside).astype(np.int32).ravel()

    def room(self, width: int) -> _Doubles:
        """Return a place to work in: so many numbers for each branch of the largest tree."""
        return np.zeros(max(2 * int(np.diff(self.first_nodes).max(initial=0)) * width, 1))

    def _ways(self) -> tuple[_Ints, _Ints, _Ints]:
        """Return the branch above each node, the branch before on the same feature, and the points each tree needs.

        Branches are numbered within their tree; -1 for none.
        """
        above = np.full(len(self.feature), -1, dtype=np.int32)
        before = np.full(len(self.child), -1, dtype=np.int32)
        n_points = np.ones(len(self.roots), dtype=np.int32)
        for tree, (start, end) in enumerate(pairwise(self.first_nodes.tolist())):
            met: dict[int, dict[int, int]] = {start: {}}
            for branch in range(2 * start, 2 * end):
                node, here, child = branch // 2, branch - 2 * start, int(self.child[branch])
                feature = int(self.feature[node])
                before[branch] = met[node].get(feature, -1)
                way = {**met[node], feature: here}
                n_points[tree] = max(n_points[tree], (len(way) + 1) // 2)
                if child >= 0:
                    above[child], met[child] = here, way
        return above, before, n_points


def read_trees(text: str) -> TreeArrays:
    """Return the trees of a model.

    Parameters
    ----------
    text : str
        As LightGBM writes it: boosted trees with constant leaves.

    Returns
    -------
    TreeArrays
        Checked: every node leads to one of its own tree.

    Raises
    ------
    ArtifactError
        If it is no such text, or holds what is not supported: linear leaves, averaged trees.
    """
    try:
        return _read(text)
    except (KeyError, ValueError, IndexError) as error:
        raise ArtifactError(
            f"the trees cannot be read ({type(error).__name__}: {error}); train the model again, or copy it again",
            f"无法读取树模型（{type(error).__name__}：{error}）；请重新训练或重新复制",
        ) from error


def _read(text: str) -> TreeArrays:
    head, *blocks = text.partition("\nend of trees")[0].split("\nTree=")
    said = _pairs(head)
    _require("average_output" not in head.splitlines(), "averaged trees")
    joined = _Joined()
    for block in blocks:
        joined.add(_pairs(block))
    return joined.arrays(n_features=int(said["max_feature_idx"]) + 1, n_outputs=int(said["num_tree_per_iteration"]))


def _pairs(block: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in block.splitlines() if "=" in line)


class _Joined:
    """The trees read so far, one behind the other."""

    def __init__(self) -> None:
        self.roots: list[int] = []
        self.first_nodes = [0]
        self.columns: dict[str, list[NDArray[Any]]] = {name: [] for name in _COLUMNS}
        self.bits: list[NDArray[np.uint32]] = []
        self.bounds: list[int] = [0]
        self.expected = 0.0
        self.n_leaves = 0

    def add(self, said: dict[str, str]) -> None:
        """Take one tree."""
        n_leaves = int(said["num_leaves"])
        _require(said.get("is_linear", "0") == "0", "linear leaves")
        leaf = _numbers(said["leaf_value"], n_leaves)
        counts = np.ones(1)
        self.roots.append(-1 - self.n_leaves)
        if n_leaves > 1:
            self.roots[-1] = self.first_nodes[-1]
            counts = _numbers(said["leaf_count"], n_leaves)
            self._add_nodes(said, n_leaves)
        self.expected += float(np.dot(leaf, counts) / max(counts.sum(), 1.0))
        self.columns["leaf"].append(leaf)
        self.n_leaves += n_leaves
        self.first_nodes.append(self.first_nodes[-1] + n_leaves - 1)

    def _add_nodes(self, said: dict[str, str], n_leaves: int) -> None:
        n_nodes = n_leaves - 1
        kind = _numbers(said["decision_type"], n_nodes).astype(np.int32)
        threshold = _numbers(said["threshold"], n_nodes)
        sides = [_numbers(said[name], n_nodes).astype(np.int64) for name in ("left_child", "right_child")]
        child = np.column_stack(sides).ravel()
        _require_tree(child, n_leaves)
        self.columns["feature"].append(_numbers(said["split_feature"], n_nodes))
        self.columns["kind"].append(kind)
        self.columns["category"].append(self._categories(said, kind, threshold))
        self.columns["threshold"].append(threshold)
        self.columns["child"].append(np.where(child >= 0, child + self.first_nodes[-1], child - self.n_leaves))
        self.columns["share"].append(_shares(said, child, n_leaves))

    def _categories(self, said: dict[str, str], kind: _Ints, threshold: _Doubles) -> _Ints:
        """Return which set of words each node has, and take the sets."""
        n_before, n_sets = len(self.bounds) - 1, int(said.get("num_cat", "0"))
        is_words = kind & 1 == 1
        if n_sets:
            ends = _numbers(said["cat_boundaries"], n_sets + 1).astype(np.int64)
            begins = self.bounds[-1]
            self.bounds += [begins + int(end) for end in ends[1:]]
            self.bits.append(_numbers(said["cat_threshold"], int(ends[-1])).astype(np.uint32))
        _require(not is_words.any() or threshold[is_words].max() < n_sets, "a set of words that is not there")
        return np.where(is_words, threshold + n_before, 0).astype(np.int32)

    def arrays(self, *, n_features: int, n_outputs: int) -> TreeArrays:
        """Return all of them."""
        joined: dict[str, Any] = {
            name: np.concatenate([np.zeros(0), *self.columns[name]]).astype(dtype) for name, dtype in _COLUMNS.items()
        }
        feature = joined["feature"]
        _require(not len(feature) or 0 <= feature.min() <= feature.max() < n_features, "a feature that is not there")
        return TreeArrays(
            n_features=n_features,
            n_outputs=n_outputs,
            roots=np.array(self.roots, dtype=np.int32),
            first_nodes=np.array(self.first_nodes, dtype=np.int32),
            bounds=np.array(self.bounds, dtype=np.int32),
            bits=np.concatenate([np.zeros(0, np.uint32), *self.bits]),
            expected=self.expected,
            **joined,
        )


_COLUMNS: Final[dict[str, type]] = {
    "feature": np.int32,
    "kind": np.int32,
    "category": np.int32,
    "threshold": np.float64,
    "child": np.int32,
    "share": np.float64,
    "leaf": np.float64,
}


def _numbers(said: str, n: int) -> _Doubles:
    numbers = np.array([float(word) for word in said.split()])
    _require(len(numbers) == n, f"{len(numbers)} numbers where {n} belong")
    return numbers


def _require(holds: object, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _require_tree(child: NDArray[np.int64], n_leaves: int) -> None:
    """Go on only if every node but the first, and every leaf, is led to once, and by a node before it."""
    node = np.arange(len(child)) // 2
    leads = np.where(child >= 0, (child > node) & (child < n_leaves - 1), child >= -n_leaves)
    _require(leads.all() and len(np.unique(child)) == len(child), "a node that leads nowhere")


def _shares(said: dict[str, str], child: NDArray[np.int64], n_leaves: int) -> _Doubles:
    leaves, nodes = _numbers(said["leaf_count"], n_leaves), _numbers(said["internal_count"], n_leaves - 1)
    reached = np.where(child >= 0, nodes[np.maximum(child, 0)], leaves[np.maximum(-1 - child, 0)])
    return np.maximum(reached / np.maximum(np.repeat(nodes, 2), 1.0), _LEAST)
