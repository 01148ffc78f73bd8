"""Reasons from contributions."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fraudguard.decision import Reason
from fraudguard.features import FeatureColumn
from fraudguard.model.explain import REASONS_MAX, Explainer
from fraudguard.transfer import Channel
from fraudguard.wording import Bilingual


def column(
    name: str, *, group: str = "", unit: str = "fen", own_normal: tuple[str, float] | None = None
) -> FeatureColumn:
    """Return a column titled by its name."""
    title = Bilingual(zh=name, en=name)
    return FeatureColumn(
        name=name, title=title, why=title, unit=unit, group=group or name, own_normal=own_normal, part="payer"
    )


def reasons(
    columns: Sequence[FeatureColumn], values: list[float], parts: list[float], **medians: float | None
) -> tuple[Reason, ...]:
    """Return the reasons of one transfer."""
    explainer = Explainer(columns, {n: None if m is None else [m] * 7 for n, m in medians.items()})
    return explainer.reasons(np.array(values), np.array(parts))


def test_windows_of_one_idea_are_told_once() -> None:
    """The window that counts most speaks for its group, with the contribution of all."""
    columns = [column("sum_1h", group="sum"), column("sum_1d", group="sum"), column("hour")]

    found = reasons(columns, [1, 2, 3], [0.5, 1.0, 1.2])

    assert [(reason.code, reason.contribution) for reason in found] == [("sum_1d", 1.5), ("hour", 1.2)]


def test_what_lowers_is_no_reason() -> None:
    """A group that lowers the score as a whole is not told, nor is noise."""
    columns = [column("sum_1h", group="sum"), column("sum_1d", group="sum"), column("noise")]

    assert reasons(columns, [1, 2, 3], [0.5, -1.0, 0.001]) == ()


def test_at_most_six() -> None:
    """An officer reads six reasons and no more."""
    columns = [column(f"f{i}") for i in range(10)]

    found = reasons(columns, [1.0] * 10, [float(i + 1) for i in range(10)])

    assert len(found) == REASONS_MAX
    assert found[0].code == "f9"


def test_own_normal_goes_before_that_of_others() -> None:
    """Where the payer has a normal of one's own, it is compared with."""
    columns = [column("sum_1d", own_normal=("sum_30d", 1 / 30)), column("sum_30d")]

    (reason,) = reasons(columns, [900.0, 3_000.0], [1.0, 0.0], sum_1d=50.0)

    assert (reason.baseline, reason.baseline_of) == (100.0, "own")


def test_no_own_past_falls_back_to_genuine_transfers() -> None:
    """A payer without a past is compared with genuine transfers; without a median, with nothing."""
    columns = [column("sum_1d", own_normal=("sum_30d", 1 / 30)), column("sum_30d"), column("other")]

    first, second = reasons(columns, [900.0, 0.0, 1.0], [2.0, 0.0, 1.0], sum_1d=50.0, other=None)

    assert (first.baseline, first.baseline_of) == (50.0, "population")
    assert (second.baseline, second.baseline_of) == (None, "population")


def test_value_that_is_its_own_normal_is_not_compared_with_itself() -> None:
    """The largest of 30 days being this hour's says nothing; genuine transfers do."""
    columns = [column("max_1h", own_normal=("max_30d", 1.0)), column("max_30d")]

    (reason,) = reasons(columns, [900.0, 900.0], [1.0, 0.0], max_1h=50.0)

    assert (reason.baseline, reason.baseline_of) == (50.0, "population")


def test_unknown_value_is_told_as_unknown() -> None:
    """A missing value that raised the score is None, never a number."""
    (reason,) = reasons([column("since_last_s", unit="s")], [float("nan")], [1.0], since_last_s=3600.0)

    assert reason.value is None
    assert reason.text_zh == "since_last_s：未知"


def test_coded_field_is_told_by_its_word() -> None:
    """The channel reads as its word."""
    coded = replace(column("channel", unit=""), kind="channel", categories=tuple(map(str, Channel)))

    (reason,) = reasons([coded], [3.0], [1.0], channel=0.0)

    assert reason.text_zh == "channel：柜面"
