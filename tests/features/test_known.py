"""Account fields, signals and coverage: what holds at a moment, and of whom."""

import math
from datetime import date, timedelta
from typing import Final

import pytest

from fraudguard.account import AccountClass, KnownInvolved
from fraudguard.column import Event
from fraudguard.errors import DefinitionError
from fraudguard.features import (
    Catalog,
    OnlineFeatures,
    account,
    compile_plan,
    coverage,
    feature,
    network,
    signal,
    since_signal,
)
from fraudguard.features.known import SOURCE_OF, TTL_MS, account_fields
from fraudguard.features.term import Term
from fraudguard.signal import SignalSource, SignalType
from tests.features.samples import NOON, last, paid, row, said

DAY_S: Final = 86_400
H, K = "holder h", "holder k"
SIM: Final = SignalType.SIM_CHANGED
PAYER: Final = signal("payer", SIM)


def value(term: Term, *log: Event) -> float:
    """Return a term at the last transfer of a log."""
    return last(log, feature("it", term, why="A test."))["it"]


@pytest.mark.parametrize("kind", list(SignalType))
def test_every_kind_holds_as_long_as_it_is_declared(kind: SignalType) -> None:
    """A signal without an end of its own holds to the millisecond that its kind declares, and has a source."""
    one, lasts_s = said(kind, account_id="a"), TTL_MS[kind] / 1000
    heard = said(kind, at_s=lasts_s, account_id="z")

    at_end = value(signal("payer", kind), one, heard, paid(0, at_s=lasts_s))
    behind = value(signal("payer", kind), one, heard, paid(0, at_s=lasts_s + 0.001))

    assert (at_end, behind) == (1, 0)
    assert SOURCE_OF[kind] in SignalSource


def test_every_kind_and_field_has_a_place_of_its_own() -> None:
    """With all kinds, sources and fields in one catalog, each signal and row shows in its own column only."""
    kinds, fields = list(SignalType), account_fields()
    items = [feature(f"{of}_{kind}", signal(of, kind), why="A test.") for of in ("payer", "payee") for kind in kinds]
    items += [feature(f"is_missing_{name}", account("payee", name).is_missing(), why="A test.") for name in fields]
    heard = [said(kind, account_id="z") for kind in kinds]

    for kind in kinds:
        got = last([*heard, said(kind, at_s=1, account_id="b"), paid(0, at_s=1)], *items)
        assert {name for name, flag in got.items() if flag == 1 and name.startswith("pay")} == {f"payee_{kind}"}
    got = last([row("b", payroll_account=False), paid(0)], *items)
    assert {name for name in fields if got[f"is_missing_{name}"] == 0} == {"payroll_account"}


@pytest.mark.parametrize(("after_s", "expected"), [(60, 1), (60.001, 0), (-5, 1)])
def test_signal_may_say_when_it_ends(after_s: float, expected: float) -> None:
    """An end of its own comes before that of its kind; a late transfer finds it holding already."""
    one = said(SIM, account_id="a", expires_at=NOON + timedelta(seconds=60))

    assert value(PAYER, one, paid(0, at_s=after_s)) == expected


@pytest.mark.parametrize(
    ("after_s", "expected"), [(7 * DAY_S, 0.0), (7 * DAY_S + 0.001, math.nan)], ids=["heard", "silent"]
)
def test_no_is_known_only_from_a_source_that_is_heard(after_s: float, expected: float) -> None:
    """That nothing was observed is a no for seven days after the source last said anything of anybody, else unknown."""
    of_another = said(SignalType.CALL_FORWARDING_ENABLED, account_id="z")

    got = value(PAYER, of_another, paid(0, at_s=after_s))

    assert got == expected or (math.isnan(got) and math.isnan(expected))


def test_source_is_heard_when_it_says_so_itself() -> None:
    """A signal counts for the source it names; without one, for that of its kind."""
    named = said(SIM, account_id="z", source=SignalSource.BANK)
    bank, telecom = coverage("bank"), coverage("telecom")

    assert (value(bank, named, paid(0)), value(telecom, named, paid(0))) == (1, 0)
    assert (value(bank, said(SIM, account_id="z"), paid(0)), value(telecom, said(SIM, account_id="z"), paid(0))) == (
        0,
        1,
    )


def test_coverage_goes_by_when_signals_were_received() -> None:
    """An old observation that arrives today shows that the source is heard today."""
    late_news = said(SIM, at_s=-40 * DAY_S, learned_s=0, account_id="z")

    assert value(coverage("telecom"), late_news, paid(0, at_s=7 * DAY_S)) == 1


def test_latest_received_decides() -> None:
    """Of two signals of a kind the one received last counts, though it was observed before the other or ends sooner."""
    long = said(SIM, at_s=-10, account_id="a")
    short = said(SIM, at_s=-60, account_id="a", expires_at=NOON - timedelta(seconds=1))

    assert value(PAYER, long, short, paid(0)) == 0
    assert value(PAYER, short, long, paid(0)) == 1
    assert value(since_signal("payer", SIM), long, short, paid(0)) == 60


def test_signal_about_a_holder_is_about_every_account_held() -> None:
    """It follows the holder, who may come to hold an account later; one about an account stays with the account."""
    held, other = row("a", holder_token=H), row("a", holder_token=K)
    of_holder, of_account = said(SIM, holder_token=H), said(SIM, account_id="a")

    assert value(PAYER, of_holder, held, paid(0)) == 1
    assert value(PAYER, of_holder, held, other, paid(0)) == 0
    assert value(PAYER, of_account, held, other, paid(0)) == 1


def test_signal_naming_both_is_about_the_account() -> None:
    """A signal that names an account and a holder says nothing of the holder's other accounts."""
    log = [row("a", holder_token=H), row("c", holder_token=H), said(SIM, account_id="a", holder_token=H)]

    assert [value(PAYER, *log, paid(0, payer=payer)) for payer in "ac"] == [1, 0]


def test_since_signal_looks_at_account_and_holder() -> None:
    """The later of the two observations counts, never less than 0, and missing when there was none."""
    since = since_signal("payee", SIM)
    log = [row("b", holder_token=H), said(SIM, at_s=-30, account_id="b"), said(SIM, at_s=-20, holder_token=H)]

    assert value(since, *log, paid(0)) == 20
    assert value(since, *log, paid(0, at_s=-25)) == 0
    assert math.isnan(value(since, log[0], paid(0)))


def test_signals_look_at_the_own_time_of_a_late_transfer() -> None:
    """A signal holds or not at the moment of the transfer, not at the latest that its account has seen."""
    one = said(SIM, account_id="a", expires_at=NOON + timedelta(seconds=60))

    assert value(PAYER, one, paid(0, at_s=500), paid(1, at_s=60)) == 1


def test_account_field_is_of_the_latest_row_that_names_it() -> None:
    """A later row changes what it names and nothing else; words are places in their list, days are ms, flags 0 or 1."""
    log = [
        row("b", account_class=AccountClass.CORPORATE, opened_at=date(1970, 1, 2), daily_limit_fen=7),
        row("b", payroll_account=False, opened_at=date(1969, 12, 31)),
        row("b", known_involved=KnownInvolved.NONE),
    ]
    names = ("account_class", "opened_at", "payroll_account", "daily_limit_fen", "known_involved")

    assert [value(account("payee", name), *log, paid(0)) for name in names] == [3, -86_400_000, 0, 7, 0]
    assert all(math.isnan(value(account("payer", name), *log, paid(0))) for name in names)


def test_row_counts_from_its_place_on() -> None:
    """What a transfer found is not changed by what was learned behind it, and the next finds it."""
    features = OnlineFeatures(
        compile_plan(Catalog((feature("it", account("payee", "daily_limit_fen"), why="A test."),)))
    )
    before = features.query(paid(0))[0]
    features.push(row("b", daily_limit_fen=5))

    assert math.isnan(before)
    assert features.query(paid(0))[0] == 5


def test_only_events_are_pushed() -> None:
    """What is no event of the log is refused by its type's name."""
    features = OnlineFeatures(compile_plan(Catalog((feature("it", coverage("bank"), why="A test."),))))

    with pytest.raises(TypeError, match="str is no event"):
        features.push("t1")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: network("payee_age"), "payee_is_known"),
        (lambda: signal("holder", SIM), "payee"),
        (lambda: signal("payer", "sim"), "sim_changed"),
        (lambda: since_signal("payer", "sim"), "sim_changed"),
        (lambda: coverage("radio"), "telecom"),
        (lambda: account("payee", "received_at"), "opened_at"),
        (lambda: account("payee", "bank_code"), "opened_at"),
    ],
)
def test_wrong_observation_says_what_there_is(wrong: object, says: str) -> None:
    """A name that is not there is refused where it is written, with those that are."""
    with pytest.raises(DefinitionError, match=says):
        wrong()  # type: ignore[operator]
