"""How money moves: motifs, chains, dwell, taint and what was turned into money, each at its edges."""

import math
from typing import Final

import pytest

from fraudguard.account import KnownInvolved
from fraudguard.column import Event
from fraudguard.features import feature, network
from fraudguard.features.known import NETWORK
from fraudguard.finding import FindingValue
from fraudguard.transfer import AMOUNT_MAX_FEN, EventType
from tests.features.samples import last, paid, row

HOUR_S: Final = 3_600
DAY_S: Final = 24 * HOUR_S
ALL: Final = tuple(feature(name, network(name), why="A test.") for name in NETWORK)
MULE: Final = FindingValue.MULE_MOVEMENT
LISTED: Final = KnownInvolved.LAYER_2


def numbers(*log: Event) -> dict[str, float]:
    """Return every network number at the last transfer of a log."""
    return last(log, *ALL)


@pytest.mark.parametrize(("gap_s", "n"), [(DAY_S, 1), (DAY_S + 0.001, 0)])
def test_motifs_reach_back_one_day(gap_s: float, n: int) -> None:
    """Scattered and gathered, paid back, round in a circle: each counts while both legs lie within a day."""
    scattered = [paid(0, payer="a", payee="m"), paid(1, payer="m", payee="b")]
    returned = [paid(2, payer="b", payee="a")]
    circle = [paid(3, payer="b", payee="n"), paid(4, payer="n", payee="a")]

    got = numbers(*scattered, *returned, *circle, paid(9, at_s=gap_s))

    assert [got[name] for name in ("between_accounts_1d", "returned_transfers_1d", "returning_accounts_1d")] == [
        n,
        n,
        n,
    ]


def test_motifs_count_accounts_once_and_ways_back_each() -> None:
    """An account that stands between twice is one; a refund paid in two parts is two transfers."""
    between = [paid(number, payer="a", payee="m", at_s=number) for number in range(3)]
    gathered = [paid(3 + number, payer="m", payee="b", at_s=3 + number) for number in range(3)]
    refunds = [paid(6 + number, payer="b", payee="a", at_s=6 + number) for number in range(2)]

    got = numbers(*between, *gathered, *refunds, paid(9, at_s=9))

    assert (got["between_accounts_1d"], got["returned_transfers_1d"], got["returning_accounts_1d"]) == (1, 2, 0)


@pytest.mark.parametrize(
    ("wait_s", "fen", "length", "age_s"),
    [(HOUR_S, 50, 3, HOUR_S + 60), (HOUR_S + 0.001, 50, 1, 0), (10, 49, 1, 0), (10, AMOUNT_MAX_FEN, 3, 70)],
)
def test_chain_goes_on_within_the_hour_with_half_the_money(wait_s: float, fen: int, length: int, age_s: float) -> None:
    """A chain is as long as money is passed on in time, at least half of what came, and as old as its first transfer."""
    log = [paid(0, payer="p", payee="q"), paid(1, payer="q", payee="a", at_s=60)]

    got = numbers(*log, paid(9, at_s=60 + wait_s, fen=fen))

    assert (got["chain_length"], got["chain_age_s"]) == (length, age_s)


def test_chain_follows_the_last_money_in() -> None:
    """What came in before the last does not matter, however it was passed on."""
    log = [
        paid(0, payer="p", payee="q"),
        paid(1, payer="q", payee="a", at_s=60),
        paid(2, payer="z", payee="a", at_s=70),
    ]

    got = numbers(*log, paid(9, at_s=80))

    assert (got["chain_length"], got["chain_age_s"]) == (2, 10)


def test_dwell_is_the_mean_over_those_that_had_money_in() -> None:
    """A transfer out before any money came in says nothing of how long money stays."""
    log = [
        paid(0, payer="b", payee="x", at_s=0),
        paid(1, payer="y", payee="b", at_s=100),
        paid(2, payer="b", payee="x", at_s=110),
        paid(3, payer="b", payee="x", at_s=130),
    ]

    assert numbers(*log, paid(9, at_s=200))["payee_dwell_s"] == 20


def test_taint_is_a_share_of_the_pool() -> None:
    """Money of a known account taints what it is mixed with, and a transfer carries the share on."""
    log = [
        row("k", known_involved=LISTED),
        paid(0, payer="k", payee="a", fen=100),
        paid(1, payer="clean", payee="a", fen=300),
        paid(2, payer="a", payee="b", fen=200),
        paid(3, payer="clean", payee="b", fen=200),
    ]

    got = numbers(*log, paid(9))

    assert (got["payer_taint_share"], got["payee_taint_share"]) == (0.25, 0.125)
    assert numbers(*log, paid(9, payer="k"))["payer_taint_share"] == 1


@pytest.mark.parametrize(("after_s", "share"), [(7 * DAY_S, 1 / 4), (14 * DAY_S, 1 / 7), (900 * DAY_S, 0)])
def test_pools_are_halved_in_seven_days(after_s: float, share: float) -> None:
    """Clean money outweighs tainted money the more, the older that is."""
    log = [
        row("k", known_involved=LISTED),
        paid(0, payer="k", payee="a", fen=2**20),
        paid(1, payer="clean", payee="a", at_s=after_s, fen=3 * 2**19),
    ]

    got = numbers(*log, paid(9, at_s=after_s))

    assert got["payer_taint_share"] == math.floor(share * 65_536) / 65_536


def test_taint_stays_within_a_pool_that_is_full() -> None:
    """A pool holds 2**46 fen at most, and never more taint than money."""
    log = [
        row("k", known_involved=LISTED),
        *(paid(number, payer="k", payee="a", fen=AMOUNT_MAX_FEN) for number in range(40)),
    ]

    assert numbers(*log, paid(99))["payer_taint_share"] == 1
    assert numbers(*log, paid(98, payer="z", payee="a", fen=2**42), paid(99))["payer_taint_share"] == 1


LIQUIDATIONS: Final = {
    "payer_term_break_fen": EventType.TERM_DEPOSIT_BREAK,
    "payer_redemption_fen": EventType.FUND_REDEMPTION,
    "payer_loan_fen": EventType.LOAN_DISBURSEMENT,
}


@pytest.mark.parametrize(("name", "kind"), LIQUIDATIONS.items())
def test_liquidations_add_up_while_a_day_lies_between(name: str, kind: EventType) -> None:
    """Money cashed in is summed until more than a day has passed without any, then starts afresh."""
    moments = (0, 1_000, 1_000 + DAY_S)
    log = [
        paid(number, payer="bank", payee="a", at_s=at_s, fen=10**number, event_type=kind)
        for number, at_s in enumerate(moments)
    ]
    end_s = moments[-1]

    on_time = numbers(*log, paid(9, at_s=end_s + DAY_S))
    too_late = numbers(*log, paid(9, at_s=end_s + DAY_S + 0.001))
    afresh = numbers(
        *log,
        paid(8, payer="bank", payee="a", at_s=end_s + DAY_S + 1, fen=5, event_type=kind),
        paid(9, at_s=end_s + DAY_S + 2),
    )

    assert [on_time[one] for one in LIQUIDATIONS] == [111 if one == name else 0 for one in LIQUIDATIONS]
    assert (on_time["payer_liquidated_fen"], on_time["payer_since_liquidated_s"]) == (111, DAY_S)
    assert too_late["payer_liquidated_fen"] == 0
    assert math.isnan(too_late["payer_since_liquidated_s"])
    assert (afresh[name], afresh["payer_since_liquidated_s"]) == (5, 1)


def test_kinds_of_liquidation_stand_beside_each_other() -> None:
    """Each kind has its own sum, and all of them one; an ordinary transfer is none."""
    kinds = [*LIQUIDATIONS.values(), EventType.TRANSFER, None]
    log = [
        paid(number, payer="bank", payee="a", at_s=number, fen=10**number, event_type=kind)
        for number, kind in enumerate(kinds)
    ]

    got = numbers(*log, paid(9, at_s=9))

    assert [got[name] for name in (*LIQUIDATIONS, "payer_liquidated_fen", "payer_since_liquidated_s")] == [
        1,
        10,
        100,
        111,
        7,
    ]


def test_account_has_one_watermark_for_both_sides() -> None:
    """A transfer that comes late to an account is at its latest moment, whichever way the money went."""
    log = [paid(0, payer="a", payee="x", at_s=500), paid(1, payer="y", payee="a", at_s=100)]

    got = numbers(*log, paid(9, at_s=510))

    assert (got["chain_length"], got["chain_age_s"]) == (2, 410)
    assert (
        numbers(*log, paid(2, payer="a", payee="z", at_s=0), paid(9, payer="w", payee="a", at_s=0))["payee_dwell_s"]
        == 0
    )
