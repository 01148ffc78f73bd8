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
    account,
    compile_plan,
    constant,
    count,
    distinct,
    ever,
    feature,
    feature_view,
    field,
    mean,
    network,
    share,
    signal,
    since_last,
    total,
    windows,
)
from fraudguard.features.plan import codes_of
from fraudguard.features.view import Reading
from fraudguard.wording import Bilingual
from tests.features.catalogs import DENSE

WHY = Bilingual("试", "a try")


def view(**changes: object) -> FeatureView:
    given: dict[str, object] = {
        "entity": Entity.PAYER,
        "side": Side.OUT,
        "windows": windows("1h"),
        "aggregates": (count(),),
    }
    return FeatureView(why=WHY, **{**given, **changes})  # type: ignore[arg-type]


def test_names_are_computed() -> None:
    """A feature's name says entity, side, what, aggregate and window, in that order."""
    names = set(compile_plan(DENSE).names)

    assert {
        "payer_out_amount_fen_sum_1d", "payee_in_payers_distinct_7d", "holder_out_payees_distinct_10m", "device_night_share_1h",
        "pair_since_last_s", "payer_in_since_first_s", "holder_in_amount_fen_previous", "payee_out_transfers_ever",
        "pair_amount_log10_std_90d", "device_payers_distinct_1d",
    } <= names  # fmt: skip


def test_every_column_is_said_in_both_languages(plan: FeaturePlan) -> None:
    """Title and why are there in Chinese and in English, for each column of the catalog that ships and any other."""
    columns = (*plan.columns, *compile_plan(DENSE).columns)
    silent = [c.name for c in columns if not (c.title.zh and c.title.en and c.why.zh and c.why.en)]

    assert silent == []


def test_own_normal_is_a_column(plan: FeaturePlan) -> None:
    """The payer's own normal of a feature is itself a feature of the plan."""
    normals = {column.own_normal[0] for column in plan.columns if column.own_normal}

    assert normals
    assert normals <= set(plan.names)


@pytest.mark.parametrize(
    "other",
    [
        (view(windows=windows("2h")),),
        (view(side=Side.IN),),
        (view(), feature("more", field("amount_fen"), why=WHY)),
        (view(), feature("more", field("amount_fen") + 1, why=WHY)),
        (view(), feature("more", field("amount_fen") + 2, why=WHY)),
        (view(), feature("more", field("event_time") + 2, why=WHY)),
        (view(), feature("less", field("event_time") + 2, why=WHY)),
        (view(), feature("more", constant(2), why=WHY)),
        (view(), feature("more", network("chain_length"), why=WHY)),
        (view(), feature("more", network("chain_age_s"), why=WHY)),
        (view(), feature("more", account("payer", "opened_at"), why=WHY)),
        (view(), feature("more", account("payee", "opened_at"), why=WHY)),
        (view(), feature("more", signal("payer", "sim_changed"), why=WHY)),
        (view(aggregates=(share("night"),)),),
        (view(aggregates=(share("round"),)),),
    ],
)
def test_fingerprint_follows_the_definition(other: tuple[FeatureView | Expression, ...]) -> None:
    """Equal catalogs have equal fingerprints; another window, side, name, number, field or flag has another."""
    fingerprints = [compile_plan(Catalog(items)).fingerprint for items in ((view(),), other, other)]

    assert fingerprints[0] != fingerprints[1] == fingerprints[2]


def test_fingerprints_differ_from_each_other() -> None:
    """Catalogs that differ in one word never share a fingerprint."""
    terms = [network("chain_length"), network("chain_age_s"), field("amount_fen"), signal("payer", "sim_changed")]
    catalogs = [Catalog((feature("it", term, why=WHY),)) for term in terms]

    assert len({compile_plan(catalog).fingerprint for catalog in catalogs}) == len(terms)


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
        value=field("amount_fen") / view(aggregates=(total(),))["amount_fen_sum_1h"],
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
        (lambda: view(entity=Entity.DEVICE), "device"),
        (lambda: view(entity=Entity.HOLDER, side=None), "holder"),
        (lambda: view(entity=Entity.PAIR, side=None, aggregates=(distinct(),)), "one counterparty"),
        (lambda: view(windows=()), "at least one window"),
        (lambda: feature_view("bank", "out", "1h", count(), why="A test."), "payer"),
        (lambda: feature_view("payer", "up", "1h", count(), why="A test."), "out"),
        (lambda: share("noon"), "night"),
        (
            lambda: compile_plan(Catalog((feature("it", Reading(Entity.PAIR, Side.IN, ever(), None), why=WHY),))),
            "no past of",
        ),
        (
            lambda: compile_plan(
                Catalog((feature_view("payer", "out", " ".join(f"{n}m" for n in range(1, 34)), count(), why=WHY),))
            ),
            "33 different windows",
        ),
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


def test_thirty_two_windows_are_supported() -> None:
    """As many different windows as a store has room for are computed."""
    spans = " ".join(f"{n}m" for n in range(1, 33))

    assert len(compile_plan(Catalog((feature_view("payer", "out", spans, count(), mean(), why=WHY),))).names) == 64


def test_aggregate_over_all_time_carries_its_unit() -> None:
    """A number over all time is named without a window; one in seconds by them."""
    names = [reading.name for reading in view(aggregates=(since_last(), total())).readings()]

    assert names == ["payer_out_since_last_s", "payer_out_amount_fen_sum_1h"]
