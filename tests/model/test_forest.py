"""Trees as flat arrays: LightGBM's own scores to the bit, and exact Shapley values."""

from itertools import combinations
from math import factorial
from typing import Any, Final

import lightgbm as lgb
import numpy as np
import pytest
from numpy.typing import NDArray

from fraudguard.errors import ArtifactError
from fraudguard.model.forest import Forest
from fraudguard.model.tree_text import TreeArrays, read_trees

MODELS: Final[list[dict[str, Any]]] = [
    {"num_leaves": 2},
    {"num_leaves": 15, "extra_trees": True},
    {"num_leaves": 31, "max_depth": -1, "min_data_in_leaf": 2},
    {"num_leaves": 63, "min_data_in_leaf": 1, "min_sum_hessian_in_leaf": 0.0},
    {"num_leaves": 15, "use_missing": False},
    {"num_leaves": 15, "zero_as_missing": True},
    {
        "num_leaves": 15,
        "categorical_feature": [4, 5],
        "min_data_per_group": 1,
        "cat_smooth": 0.1,
        "max_cat_to_onehot": 1,
    },
    {"num_leaves": 15, "categorical_feature": [5], "max_cat_to_onehot": 64},
    {"num_leaves": 15, "monotone_constraints": [1, -1, 0, 0, 0, 0]},
    {"num_leaves": 15, "bagging_fraction": 0.5, "bagging_freq": 1, "boosting": "dart", "drop_rate": 0.5},
]
"""Every kind of missing value, of decision and of shape that our models and LightGBM's defaults have."""


def rows(n: int, seed: int) -> NDArray[np.float64]:
    """Return rows with missing values, exact zeros, ties, infinite values and two columns of codes."""
    generator = np.random.default_rng(seed)
    made = generator.normal(size=(n, 6)).round(1)
    made[generator.random(made.shape) < 0.15] = np.nan
    made[generator.random(made.shape) < 0.1] = 0.0
    made[generator.random(made.shape) < 0.01] = np.inf
    made[:, 4] = generator.integers(-1, 9, n)
    made[:, 5] = generator.integers(0, 70, n)
    made[generator.random(n) < 0.1, 4:] = np.nan
    return made


def grown(parameters: dict[str, Any], *, seed: int = 1, n_trees: int = 12) -> lgb.Booster:
    """Return a model grown on random rows."""
    made = rows(800, seed)
    noise = np.random.default_rng(seed).normal(size=800)
    first, second = (np.nan_to_num(column, posinf=3.0) for column in made[:, :2].T)
    label = first - first * second + np.nan_to_num(made[:, 5]) % 3 + noise > 1
    settings = {
        "objective": "binary",
        "verbosity": -1,
        "num_threads": 1,
        "seed": seed,
        "min_data_in_leaf": 5,
        **parameters,
    }
    codes = settings.pop("categorical_feature", [])
    table = lgb.Dataset(made, label.astype(float), params=dict(settings), categorical_feature=codes)
    return lgb.train(settings, table, n_trees)


def read(booster: lgb.Booster) -> tuple[TreeArrays, Forest]:
    """Return the arrays and the forest of a model."""
    trees = read_trees(booster.model_to_string())
    return trees, Forest(trees)


@pytest.mark.parametrize("parameters", MODELS, ids=str)
def test_score_is_lightgbms_to_the_bit(parameters: dict[str, Any]) -> None:
    """Every kind of decision goes where LightGBM goes, and the trees are added in its order."""
    booster, asked = grown(parameters), rows(400, seed=2)
    _, forest = read(booster)
    out = np.empty(1)
    scores = []
    for row in asked:
        forest.margin(row, out)
        scores.append(out[0])

    np.testing.assert_array_equal(scores, booster.predict(asked, raw_score=True))


@pytest.mark.parametrize("parameters", MODELS, ids=str)
def test_contributions_are_exact(parameters: dict[str, Any]) -> None:
    """Each part is that of LightGBM's own exact method, and with the start they add up to the score."""
    booster, asked = grown(parameters), rows(60, seed=3)
    trees, forest = read(booster)
    parts = np.empty((len(asked), 6))
    for row, out in zip(asked, parts, strict=True):
        forest.contributions(row, out)
    wanted = np.asarray(booster.predict(asked, pred_contrib=True))

    np.testing.assert_allclose(parts, wanted[:, :-1], rtol=0, atol=1e-11)
    np.testing.assert_allclose(trees.expected, wanted[:, -1], rtol=0, atol=1e-11)
    np.testing.assert_allclose(
        parts.sum(1) + trees.expected, booster.predict(asked, raw_score=True), rtol=0, atol=1e-11
    )


def test_several_outputs_are_kept_apart() -> None:
    """Of a model with one raw score a class, each class gets its own trees."""
    made = rows(600, seed=4)
    settings = {"objective": "multiclass", "num_class": 3, "verbosity": -1, "num_threads": 1}
    booster = lgb.train(settings, lgb.Dataset(made, np.nan_to_num(made[:, 5]) % 3, params=settings), 5)
    _, forest = read(booster)
    out = np.empty(3)
    for row in made[:50]:
        forest.margin(row, out)
        np.testing.assert_array_equal(out, np.asarray(booster.predict(row[None], raw_score=True))[0])


def shapley(trees: TreeArrays, row: NDArray[np.float64], feature: int) -> float:
    """Return a Shapley value from its definition, over every set of the other features."""

    def expected(node: int, known: frozenset[int]) -> float:
        if node < 0:
            return float(trees.leaf[-1 - node])
        left, right = int(trees.child[2 * node]), int(trees.child[2 * node + 1])
        if int(trees.feature[node]) in known:
            return expected(left if row[trees.feature[node]] <= trees.threshold[node] else right, known)
        share = float(trees.share[2 * node])
        return share * expected(left, known) + (1 - share) * expected(right, known)

    others = [other for other in range(trees.n_features) if other != feature]
    total = 0.0
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(trees.n_features - size - 1) / factorial(trees.n_features)
        for chosen in map(frozenset, combinations(others, size)):
            total += weight * sum(
                expected(int(root), chosen | {feature}) - expected(int(root), chosen) for root in trees.roots
            )
    return total


def test_contributions_are_shapley_values_by_definition() -> None:
    """On rows without anything missing, the parts are those of the definition, worked out set by set."""
    made = np.random.default_rng(5).normal(size=(400, 4))
    settings = {"objective": "binary", "verbosity": -1, "num_leaves": 12, "min_data_in_leaf": 5, "num_threads": 1}
    booster = lgb.train(settings, lgb.Dataset(made, made[:, 0] * made[:, 1] > made[:, 2], params=settings), 4)
    trees, forest = read(booster)
    out = np.empty(4)
    for row in made[:5]:
        forest.contributions(row, out)
        np.testing.assert_allclose(out, [shapley(trees, row, feature) for feature in range(4)], rtol=0, atol=1e-12)


def test_a_tree_without_a_split_is_a_start() -> None:
    """A model that learned nothing gives every row the same, and no feature a part."""
    made = rows(100, seed=6)
    settings = {"objective": "binary", "verbosity": -1, "min_data_in_leaf": 1_000}
    booster = lgb.train(settings, lgb.Dataset(made, np.arange(100) % 4 == 0, params=settings), 3)
    trees, forest = read(booster)
    margin, parts = np.empty(1), np.empty(6)
    forest.margin(made[0], margin)
    forest.contributions(made[0], parts)

    assert margin[0] == pytest.approx(trees.expected)
    assert (parts == 0).all()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tree\n", "average_output\n", "averaged"),
        ("is_linear=0", "is_linear=1", "linear"),
        ("left_child=", "left_child=9 ", "numbers"),
        ("split_feature=", "split_feature=x", "could not convert"),
        ("max_feature_idx=5", "max_feature_idx=0", "feature that is not there"),
        ("num_leaves=", "num_loaves=", "num_leaves"),
    ],
)
def test_what_is_not_supported_is_named(old: str, new: str, said: str) -> None:
    """A text that is damaged, or of another kind of trees, is refused with the mend."""
    text = grown({"num_leaves": 4}).model_to_string()
    assert old in text

    with pytest.raises(ArtifactError, match=f"{said}.*train the model again"):
        read_trees(text.replace(old, new))


def test_a_tree_that_leads_in_a_circle_is_refused() -> None:
    """No model text can make the walk endless."""
    text = grown({"num_leaves": 4}, n_trees=1).model_to_string()
    line = next(line for line in text.splitlines() if line.startswith("left_child="))
    circle = "left_child=" + " ".join(["0"] * len(line.split()))

    with pytest.raises(ArtifactError, match="leads nowhere"):
        read_trees(text.replace(line, circle))
