# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Trees as flat arrays: the raw score of a row, and the exact part that each feature has in it.

The part of a feature is its Shapley value, with the training rows of each branch as the chance to go there when a feature is not known [1]_.
For one leaf it is an integral over [0, 1] of a polynomial: of the product, over the features on the way to the leaf, of *t* if the row goes there and of
(1 - *t*) times the share of rows that do. Gauss and Legendre's points give it exactly [2]_: half as many as there are different features on
the longest way. So a tree is passed twice: down, with what the features met so far multiply at each point; and up, with what the
leaves below come to. A feature met again on the way takes back what its branch above was given for these leaves.

References
----------
.. [1] Lundberg, Erion, Lee, *Consistent individualized feature attribution for tree ensembles*, 2018, algorithm 1.
.. [2] *Quadrature-TreeSHAP*, arXiv 2605.04497, 2026, for the idea of the integral.
"""

from array import array
from typing import Any

import cython

if not cython.compiled:
    from math import fabs, isnan

__all__ = ["Forest"]

_CATEGORICAL = cython.declare(cython.int, 1)
_DEFAULT_LEFT = cython.declare(cython.int, 2)
_MISSING_ZERO = cython.declare(cython.int, 1)
_MISSING_NAN = cython.declare(cython.int, 2)
_NO_ZERO = cython.declare(cython.double, 1e-35)
_TOO_FAR = cython.declare(cython.double, 2147483648.0)
_LEAST = cython.declare(cython.double, 1e-200)


class Forest:
    """A checked model of trees, one row at a time.

    Not for several threads at once: it has one place to work in.

    Parameters
    ----------
    trees : TreeArrays
        From `fraudguard.model.tree_text.read_trees`. Branch 2 *i* leads from node *i* to the left, 2 *i* + 1 to the right.
    """

    def __init__(self, trees: Any) -> None:  # noqa: ANN401  # its module is not needed to run this one
        self.n_features = trees.n_features
        self.n_outputs = trees.n_outputs
        self.n_trees = len(trees.roots)
        self.roots = trees.roots
        self.first_nodes = trees.first_nodes
        self.n_points = trees.n_points
        self.feature = trees.feature
        self.child = trees.child
        self.kind = trees.kind
        self.category = trees.category
        self.bounds = trees.bounds
        self.above = trees.above
        self.before = trees.before
        self.bits = trees.bits
        self.threshold = trees.threshold
        self.asked = trees.asked
        self.ends = array("i", [0, 0, 0, 0])
        self.share = trees.share
        self.leaf = trees.leaf
        self.points = trees.points
        self.weights = trees.weights
        self.one, self.zero = trees.room(1), trees.room(1)
        self.factors, self.products, self.sums = (trees.room(trees.reach) for _ in range(3))
        self.ratios, self.others = trees.room(trees.reach), trees.room(trees.reach)

    def margin(self, row: cython.double[::1], out: cython.double[::1]) -> None:
        """Add up the trees of a row into `out`, shape (n_outputs,): bit for bit what LightGBM gives."""
        tree: cython.int
        first: cython.int
        second: cython.int
        third: cython.int
        fourth: cython.int
        last: cython.int = self.n_trees - 1
        k: cython.int
        self.row = row
        for k in range(self.n_outputs):
            out[k] = 0.0
        k = 0
        for tree in range(0, self.n_trees, 4):
            # Four at a time: while one waits for memory, the others go on.
            first, second = self.roots[tree], self.roots[min(tree + 1, last)]
            third, fourth = self.roots[min(tree + 2, last)], self.roots[min(tree + 3, last)]
            while first & second & third & fourth >= 0:
                first, second = self.follow(first), self.follow(second)
                third, fourth = self.follow(third), self.follow(fourth)
            self.ends[0], self.ends[1], self.ends[2], self.ends[3] = first, second, third, fourth
            for first in range(min(4, self.n_trees - tree)):
                out[k] += self.leaf[-1 - self.ends[first]]
                k += 1
                if k == self.n_outputs:
                    k = 0

    def follow(self, node: cython.int) -> cython.int:
        """Return where a row goes on from a node, without a jump where it can be had; a leaf stays where it is."""
        here: cython.int = node & ~(node >> 31)
        value: cython.double = self.row[self.asked[4 * here]]
        flags: cython.int = self.asked[4 * here + 1]
        if flags & 2:
            right: cython.int = self.step(here) & 1
        else:
            right = (value > self.threshold[here]) | ((value != value) & flags)  # noqa: PLR0124
        following: cython.int = self.asked[4 * here + 2 + right]
        return following if node >= 0 else node

    def contributions(self, row: cython.double[::1], out: cython.double[::1]) -> None:
        """Write the part of each feature in the raw score into `out`, shape (n_features,); of a model with one output."""
        tree: cython.int
        j: cython.int
        self.row = row
        self.parts = out
        for j in range(self.n_features):
            out[j] = 0.0
        for tree in range(self.n_trees):
            self.go_down(tree)
            self.come_up(tree)

    def step(self, node: cython.int) -> cython.int:
        """Return the branch that the row takes at a node, as LightGBM takes it."""
        value: cython.double = self.row[self.feature[node]]
        kind: cython.int = self.kind[node]
        missing: cython.int = kind >> 2
        is_left: cython.bint
        if kind & _CATEGORICAL:
            is_left = False
            if 0.0 <= value < _TOO_FAR:  # not NaN either
                word: cython.int = cython.cast(cython.int, value)
                place: cython.int = self.bounds[self.category[node]] + word // 32
                if place < self.bounds[self.category[node] + 1]:
                    is_left = (self.bits[place] >> (word % 32)) & 1 == 1
            return 2 * node + (not is_left)
        if isnan(value) and missing != _MISSING_NAN:
            value = 0.0
        if isnan(value) or (missing == _MISSING_ZERO and fabs(value) <= _NO_ZERO):
            is_left = kind & _DEFAULT_LEFT != 0
        else:
            is_left = value <= self.threshold[node]
        return 2 * node + (not is_left)

    def go_down(self, tree: cython.int) -> cython.void:
        """Work out what the features on the way to each branch multiply, point by point."""
        node: cython.int
        for node in range(self.first_nodes[tree], self.first_nodes[tree + 1]):
            taken: cython.int = self.step(node)
            self.enter(tree, 2 * node, taken)
            self.enter(tree, 2 * node + 1, taken)

    def enter(self, tree: cython.int, branch: cython.int, taken: cython.int) -> cython.void:
        """Work it out for one branch; the one above it is known."""
        n: cython.int = self.n_points[tree]
        first: cython.int = n * (n - 1) // 2
        here: cython.int = branch - 2 * self.first_nodes[tree]
        above: cython.int = self.above[branch // 2]
        before: cython.int = self.before[branch]
        one: cython.double = 1.0 if branch == taken else 0.0
        zero: cython.double = self.share[branch]
        k: cython.int
        if before >= 0:
            one *= self.one[before]
            zero = max(zero * self.zero[before], _LEAST)
        self.one[here] = one
        self.zero[here] = zero
        for k in range(n):
            factor: cython.double = zero + (one - zero) * self.points[first + k]
            others: cython.double = 1.0 if above < 0 else self.products[above * n + k]
            self.factors[here * n + k] = factor
            if before >= 0:
                others /= self.factors[before * n + k]
                self.ratios[here * n + k] = factor / self.factors[before * n + k]
            else:
                self.ratios[here * n + k] = factor
            self.others[here * n + k] = others * self.weights[first + k]
            self.products[here * n + k] = others * factor

    def come_up(self, tree: cython.int) -> cython.void:
        """Give every feature its part in the leaves below each of its branches."""
        n: cython.int = self.n_points[tree]
        node: cython.int
        k: cython.int
        for node in range(self.first_nodes[tree + 1] - 1, self.first_nodes[tree] - 1, -1):
            above: cython.int = self.above[node]
            if above >= 0:
                for k in range(n):
                    self.sums[above * n + k] = 0.0
            self.parts[self.feature[node]] += self.leave(tree, 2 * node) + self.leave(tree, 2 * node + 1)

    def leave(self, tree: cython.int, branch: cython.int) -> cython.double:
        """Return the part of a branch's feature in the leaves below it, and add these up at the branch above."""
        n: cython.int = self.n_points[tree]
        here: cython.int = (branch - 2 * self.first_nodes[tree]) * n
        above: cython.int = self.above[branch // 2] * n
        before: cython.int = self.before[branch]
        end: cython.int = self.child[branch]
        place: cython.int = here // n
        part: cython.double = 0.0
        taken: cython.double = 0.0
        k: cython.int
        if end < 0:
            for k in range(n):
                self.sums[here + k] = self.leaf[-1 - end]
        for k in range(n):
            part += self.others[here + k] * self.sums[here + k]
        if above >= 0:
            for k in range(n):
                self.sums[above + k] += self.ratios[here + k] * self.sums[here + k]
        part *= self.one[place] - self.zero[place]
        if before >= 0:
            for k in range(n):
                taken += self.others[here + k] * self.ratios[here + k] * self.sums[here + k]
            part -= (self.one[before] - self.zero[before]) * taken
        return part
