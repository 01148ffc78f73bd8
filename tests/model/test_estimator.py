"""The estimator, as scikit-learn's users expect it."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import average_precision_score
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from fraudguard.model.estimator import FraudModel


def table(n: int = 3_000, *, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Return rows in which fraud follows from an amount, from a word without an order, and from nothing else."""
    generator = np.random.default_rng(seed)
    amount = generator.normal(size=n)
    word = generator.choice(["app", "branch", "web"], n)
    noise = generator.normal(size=n)
    log_odds = 2 * amount - 4 + 2 * (word == "branch")
    fraud = generator.random(n) < 1 / (1 + np.exp(-log_odds))
    frame = pd.DataFrame({"amount": amount, "channel": pd.Categorical(word), "noise": noise})
    frame.loc[generator.random(n) < 0.1, "noise"] = np.nan
    return frame, fraud


def _expected_failures(_: FraudModel) -> dict[str, str]:
    reason = "rows are drawn for each tree and the last ones validate, so a weight of two is not the row twice"
    return {
        "check_sample_weight_equivalence_on_dense_data": reason,
        "check_sample_weight_equivalence_on_sparse_data": reason,
    }


@parametrize_with_checks([FraudModel(shape="random", rounds=60)], expected_failed_checks=_expected_failures)  # type: ignore[untyped-decorator]
def test_scikit_learn_agrees(estimator: FraudModel, check: Any) -> None:  # noqa: ANN401  # a partial of scikit-learn's
    """Every check that scikit-learn makes of a classifier passes, but for two with a reason."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def test_tables_go_in_with_their_words() -> None:
    """A pandas category is split as a code without an order, and a word never seen is missing."""
    frame, fraud = table()
    model = FraudModel(shape="random", rounds=80).fit(frame, fraud)

    branch = model.predict_proba(frame.assign(channel=pd.Categorical(["branch"] * len(frame))))[:, 1]
    web = model.predict_proba(frame.assign(channel=pd.Categorical(["web"] * len(frame))))[:, 1]
    never = model.predict_proba(frame.assign(channel=pd.Categorical(["pigeon"] * len(frame))))[:, 1]

    assert branch.mean() > 1.5 * web.mean()
    assert np.isfinite(never).all()
    assert model.feature_names_in_.tolist() == ["amount", "channel", "noise"]


def test_monotone_is_kept() -> None:
    """A feature that may only raise suspicion never lowers it, though the rows say otherwise."""
    frame, fraud = table()
    model = FraudModel(shape="deep", rounds=60, monotone={"noise": 1, "amount": -1}).fit(frame, fraud)
    grid = np.linspace(-3, 3, 50)

    risen = model.decision_function(frame.iloc[:1].loc[[0] * 50].assign(noise=grid))
    fallen = model.decision_function(frame.iloc[:1].loc[[0] * 50].assign(amount=grid))

    assert (np.diff(risen) >= 0).all()
    assert (np.diff(fallen) <= 0).all()


def test_undersampling_does_not_distort_probabilities() -> None:
    """With a fifth of the genuine rows the mean probability is still the rate of the later rows."""
    frame, fraud = table(6_000)

    model = FraudModel(shape="random", rounds=80, genuine_share=0.2).fit(frame, fraud)

    late = slice(4_500, None)
    assert model.predict_proba(frame.iloc[late])[:, 1].mean() == pytest.approx(fraud[late].mean(), rel=0.1)


def test_stated_base_rate_moves_every_probability_alike() -> None:
    """A tenth of the odds for everybody, and the order as it was."""
    frame, fraud = table()
    rate = fraud[2_250:].mean()
    plain = FraudModel(shape="random", rounds=40).fit(frame, fraud)
    stated = clone(plain).set_params(base_rate=rate / 10 / (rate / 10 + 1 - rate)).fit(frame, fraud)

    moved = plain.decision_function(frame) - stated.decision_function(frame)

    assert moved == pytest.approx(np.log(10))


def test_contributions_add_up() -> None:
    """Each feature's part and the base make up the log-odds, row by row."""
    frame, fraud = table(1_000)
    model = FraudModel(shape="random", rounds=40).fit(frame, fraud)

    parts = model.contributions(frame)

    assert parts.columns.tolist() == ["amount", "channel", "noise", "base"]
    assert parts.sum(axis=1).to_numpy() == pytest.approx(model.decision_function(frame))


def test_weights_matter() -> None:
    """Wrong rows that count nothing do no harm; counted, they turn the model round."""
    frame, fraud = table(4_000)
    kept = np.arange(4_000) < 1_500
    garbled = np.where(kept, fraud, ~fraud)
    late = (frame[:1_000], fraud[:1_000])

    model = FraudModel(shape="random", rounds=40)
    weighted = clone(model).fit(frame, garbled, sample_weight=kept.astype(float), valid=late)
    garbage = clone(model).fit(frame, garbled, valid=late)

    def error(fitted: FraudModel) -> float:
        return float(np.abs(fitted.predict_proba(frame)[:, 1] - fraud).mean())

    assert error(weighted) < 0.8 * error(garbage)


def test_shape_is_chosen_by_later_rows() -> None:
    """With enough frauds the shape that ranks the later rows best is kept, with few to judge by the usual one."""
    frame, fraud = table(140_000)
    told: list[tuple[int, int]] = []

    enough = FraudModel(rounds=40).fit(frame, fraud, progress=lambda done, total: told.append((done, total)))
    few = FraudModel(rounds=40).fit(frame, fraud, valid=(frame[:200], fraud[:200]))
    alone = {
        shape: FraudModel(rounds=40, shape=shape).fit(
            frame[:105_000], fraud[:105_000], valid=(frame[105_000:], fraud[105_000:])
        )
        for shape in ("random", "deep")
    }

    ranked = {
        shape: average_precision_score(fraud[105_000:], one.decision_function(frame[105_000:]))
        for shape, one in alone.items()
    }
    assert enough.shape_ == max(ranked, key=lambda shape: ranked[shape])
    assert few.shape_ == "random"
    assert told[-1] == (80, 80)


def test_pipelines_and_cross_validation_take_it() -> None:
    """It stands at the end of a pipeline, and clone gives the same again."""
    frame, fraud = table(1_500)
    pipeline = make_pipeline(StandardScaler(), FraudModel(shape="random", rounds=40))

    scores = cross_val_score(pipeline, frame[["amount", "noise"]], fraud, cv=3, scoring="roc_auc")

    assert scores.min() > 0.7


def test_same_seed_same_trees() -> None:
    """Bit for bit, and another seed gives others."""
    frame, fraud = table(1_000)
    model = FraudModel(shape="random", rounds=40)

    texts = [clone(model).set_params(random_state=seed).fit(frame, fraud).text_ for seed in (1, 1, 2)]

    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize(
    "wrong",
    [{"shape": "round"}, {"rounds": 0}, {"valid_share": 1.0}, {"genuine_share": 0.0}, {"base_rate": 1.0}],
)
def test_wrong_parameter_is_named(wrong: dict[str, Any]) -> None:
    """As with scikit-learn's own estimators it is `fit` that refuses."""
    frame, fraud = table(100)

    with pytest.raises(ValueError, match=next(iter(wrong))):
        FraudModel(**wrong).fit(frame, fraud)


def test_importances_name_what_matters() -> None:
    """The noise gains least."""
    frame, fraud = table()

    gains = FraudModel(shape="random", rounds=60).fit(frame, fraud).feature_importances_

    assert gains.argmin() == 2
