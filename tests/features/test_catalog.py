"""Declaring features: names, errors at the moment of definition, fingerprints."""

import pytest

from fraudguard.errors import DefinitionError
from fraudguard.features import (
    CATALOG,
    Catalog,
    Entity,
    Expression,
    FeaturePlan,
    FeatureView,
    Side,
    compile_plan,
    count,
    field,
    windows,
)
from fraudguard.features.aggregate import Reducer, since_last, total
from fraudguard.features.catalog import PAYER_OUT
from fraudguard.features.plan import OPERATORS, REDUCERS, VIEWS, codes_of
from fraudguard.features.term import Operator
from fraudguard.wording import Bilingual

WHY = Bilingual("试", "a try")


def view(**changes: object) -> FeatureView:
    given: dict[str, object] = {
        "entity": Entity.PAYER,
        "side": Side.OUT,
        "windows": windows("1h"),
        "aggregates": (count(),),
    }
    return FeatureView(why=WHY, **{**given, **changes})  # type: ignore[arg-type]


def test_names_are_computed(plan: FeaturePlan) -> None:
    """A feature's name says entity, side, what, aggregate and window, in that order."""
    assert {"payer_out_amount_fen_sum_1d", "payee_in_transfers_count_7d", "pair_since_last_s"} <= set(plan.names)


def test_every_column_is_said_in_both_languages(plan: FeaturePlan) -> None:
    """Title and why are there in Chinese and in English, for each column of the catalog that ships."""
    silent = [c.name for c in plan.columns if not (c.title.zh and c.title.en and c.why.zh and c.why.en)]

    assert silent == []


def test_own_normal_is_a_column(plan: FeaturePlan) -> None:
    """The payer's own normal of a feature is itself a feature of the plan."""
    normals = {column.own_normal[0] for column in plan.columns if column.own_normal}

    assert normals
    assert normals <= set(plan.names)


def test_fingerprint_follows_the_definition() -> None:
    """Equal catalogs have equal fingerprints; another window, name or formula has another."""
    one, same = compile_plan(Catalog((view(),))), compile_plan(Catalog((view(),)))
    other = compile_plan(Catalog((view(windows=windows("2h")),)))

    assert one.fingerprint == same.fingerprint != other.fingerprint


def test_fingerprint_knows_the_numbers_of_words() -> None:
    """A word's number is its place in its list; another order is another feature."""
    codes = codes_of(["amount_fen", "payee_type"])

    assert codes == (
        ("amount_fen", ()),
        ("payee_type", ("person", "organisation", "merchant", "own_account", "wallet")),
    )


def test_analyst_adds_a_feature_in_three_lines() -> None:
    """A catalog plus an expression is a catalog; its column comes last."""
    share = Expression(
        name="share_of_day",
        value=field("amount_fen") / PAYER_OUT["amount_fen_sum_1d"],
        unit="ratio",
        title=WHY,
        why=WHY,
    )

    names = compile_plan(CATALOG.extended(share)).names

    assert names == (*compile_plan(CATALOG).names, "share_of_day")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: view(side=None), "side"),
        (lambda: view(entity=Entity.PAIR), "pair"),
        (lambda: view(windows=windows("1h") * 2), "ascend"),
        (lambda: view(aggregates=()), "at least one"),
        (lambda: view(aggregates=(count(), count())), "twice"),
        (lambda: view()["amount_fen_median_1h"], "transfers_count_1h"),
        (lambda: field("remittance_info"), "amount_fen"),
        (lambda: field("amount"), "amount_fen"),
        (lambda: Catalog(()), "at least one"),
        (lambda: Catalog((view(), view())), "payer_out_transfers_count_1h"),
        (lambda: Expression(name="Bad Name", value=field("amount_fen"), unit="", title=WHY, why=WHY), "snake_case"),
    ],
)
def test_wrong_definition_says_what_there_is(wrong: object, says: str) -> None:
    """A mistake is refused where it is written, and the message lists the choices."""
    with pytest.raises(DefinitionError, match=says):
        wrong()  # type: ignore[operator]


def test_kernel_codes_are_places_in_the_tuples() -> None:
    """The numbers in the kernel are the places in the plan's tuples; neither moves alone."""
    assert [str(r) for r in REDUCERS] == ["count", "sum", "mean", "max", "since_last"]
    assert [str(o) for o in OPERATORS] == [
        "add", "subtract", "multiply", "divide", "modulo", "floor_divide", "equals", "is_missing", "log10",
    ]  # fmt: skip
    assert len(VIEWS) == 5


def test_units_and_empty_aggregates() -> None:
    """An aggregate over all time carries its unit in its name; the others their column."""
    assert (since_last().name, total().name, Reducer.MAX, Operator.LOG10) == (
        "since_last_s", "amount_fen_sum", "max", "log10",
    )  # fmt: skip
