"""Following the money: each rule in one small case, reckoned by hand."""

from typing import Any

import pytest

from fraudguard.errors import DataError, DefinitionError
from fraudguard.flow.exits import Exit
from fraudguard.flow.following import follow
from fraudguard.flow.movement import MovementLog
from fraudguard.flow.options import FollowOptions, Rule
from fraudguard.transfer import Channel, EventType, PayeeType, SettlementSpeed
from tests.fakes import make_transfer
from tests.flow.samples import account, followed, move


def test_layers_are_counted_from_the_payee() -> None:
    """The payee of the start is layer 1, who it pays layer 2, and the payer layer 0."""
    flow = followed(move("v>a", 100), move("a>b", 60, minute=4), move("b>c", 50, minute=9))

    assert [(one.account_id, one.layer, one.inside_fen) for one in flow.accounts] == [
        ("v", 0, 0), ("a", 1, 40), ("b", 2, 10), ("c", 3, 50),
    ]  # fmt: skip
    assert [one.account_id for one in flow.next_to_stop] == ["c", "a", "b"]
    assert (account(flow, "b").minutes_after_start, account(flow, "b").dwell_s) == (4.0, 300.0)


@pytest.mark.parametrize(("rule", "tainted"), [(Rule.FIFO, 60), (Rule.PRO_RATA, 80)])
def test_rules_differ_where_money_was_there_before(rule: Rule, tainted: int) -> None:
    """With 100 there before and 400 tainted, a payment of 160 or of 100 carries what the rule says."""
    flow = followed(
        move("v>a", 400, payee_balance_before_fen=100),
        move("a>b", 160 if rule is Rule.FIFO else 100, minute=1),
        rule=rule,
    )

    assert account(flow, "b").in_fen == tainted


def test_share_is_rounded_down_and_the_rest_stays() -> None:
    """By shares a third of a fen does not move; in the end the whole amount is accounted for."""
    flow = followed(
        move("v>a", 1, payee_balance_before_fen=2),
        move("a>b", 1, minute=1),
        move("a>c", 2, minute=2),
        rule=Rule.PRO_RATA,
    )

    assert [(one.account_id, one.inside_fen) for one in flow.accounts] == [("v", 0), ("a", 0), ("c", 1)]


def test_unknown_balance_counts_as_empty() -> None:
    """Where no balance is told, tainted money leaves first, so that it is followed on rather than taken to have stayed."""
    assert account(followed(move("v>a", 100), move("a>b", 80, minute=1)), "b").in_fen == 80


def test_balance_seen_at_the_first_payment_was_there_before() -> None:
    """The first balance told, when it is more than came in, is money that lay there and is spent first."""
    flow = followed(move("v>a", 100), move("a>b", 80, minute=1, payer_balance_before_fen=150))

    assert (account(flow, "a").inside_fen, account(flow, "b").in_fen) == (70, 30)


def test_later_surplus_is_spent_last() -> None:
    """Money that came in unseen between two balances lies behind what was there."""
    flow = followed(
        move("v>a", 100, payee_balance_before_fen=0),
        move("a>b", 10, minute=1, payer_balance_before_fen=100),
        move("a>c", 90, minute=2, payer_balance_before_fen=500),
    )

    assert account(flow, "c").in_fen == 90


def test_no_more_is_inside_than_the_bank_says() -> None:
    """A balance below what should be there means that money left unseen; it is shown as gone, not as inside."""
    flow = followed(move("v>a", 100), move("a>b", 10, minute=1, payer_balance_before_fen=30))

    assert account(flow, "a").inside_fen == 20
    assert flow.last.gone_fen == {Exit.UNSEEN: 70}
    assert (flow.edges[1].transfer_id, flow.edges[1].payee_account_id) == (None, None)


def test_money_that_lands_later_is_not_missed() -> None:
    """A balance that cannot yet hold delayed money is no sign that it left."""
    delayed = move("v>a", 100, settlement_speed=SettlementSpeed.NEXT_DAY)
    flow = followed(delayed, move("a>b", 10, minute=1, payer_balance_before_fen=10))

    assert flow.last.gone_fen == {}


def test_cycle_adds_to_the_account_and_keeps_its_layer() -> None:
    """Money that comes back adds to where it came from, and can be passed on again."""
    flow = followed(move("v>a", 100), move("a>b", 100, minute=1), move("b>a", 100, minute=2), move("a>c", 30, minute=3))

    assert (account(flow, "a").layer, account(flow, "a").in_fen, account(flow, "a").inside_fen) == (1, 200, 70)
    assert flow.edges[2].layer == 1


def test_refund_to_the_payer_is_back_and_not_to_be_stopped() -> None:
    """Money back with who had paid it is returned; the victim's account is not one to stop."""
    flow = followed(move("v>a", 100), move("a>v", 20, minute=1))

    assert (flow.last.inside_fen, flow.last.returned_fen, flow.last.recoverable) == (80, 20, 1.0)
    assert [one.account_id for one in flow.next_to_stop] == ["a"]


def test_bait_paid_again_is_counted_once() -> None:
    """What the victim had back and pays again is not new money: the loss is what it was."""
    log = (move("v>a", 100), move("a>v", 20, minute=1), move("v>a", 500, minute=2, transfer_id="second"))
    flow = follow(MovementLog(log), [log[0], log[2]])

    assert flow.last.entered_fen == 580
    assert flow.edges[2].own_fen == 480


def test_payer_that_gets_more_than_it_paid_is_to_be_stopped() -> None:
    """An account that sent a test payment and is then paid out holds money to stop: all but its own."""
    log = (move("x>a", 1), move("v>a", 100, minute=1), move("a>x", 101, minute=2))

    assert [(one.account_id, one.stoppable_fen) for one in followed(*log, starts=2).next_to_stop] == [("x", 100)]


def test_start_downstream_of_a_start_brings_in_only_new_money() -> None:
    """Two named transfers in a row do not count the same money twice."""
    flow = followed(move("v>a", 100), move("a>b", 130, minute=1), starts=2)

    assert (flow.last.entered_fen, account(flow, "a").own_fen, account(flow, "b").in_fen) == (130, 30, 130)


def test_ties_go_by_log_order() -> None:
    """Of two transfers in the same millisecond the earlier in the log comes first."""
    before = followed(move("v>a", 100, place=1), move("a>b", 100, place=0))
    after = followed(move("v>a", 100, place=1), move("a>b", 100, place=2))

    assert (len(before.edges), len(after.edges)) == (1, 2)


def test_transfer_to_oneself_moves_nothing() -> None:
    """An account that pays itself keeps the order of its money and is no edge."""
    flow = followed(move("v>a", 100), move("a>a", 50, minute=1), move("a>b", 100, minute=2))

    assert [edge.transfer_id for edge in flow.edges] == ["v>a", "a>b"]


def test_zero_carries_nothing() -> None:
    """A transfer of zero is an edge only as a start, and reaches nobody further."""
    flow = followed(move("v>a", 0), move("a>b", 0, minute=1), move("a>c", 10, minute=1))

    assert [edge.transfer_id for edge in flow.edges] == ["v>a"]
    assert (flow.next_to_stop, flow.last.recoverable) == ((), 1.0)


def test_money_after_the_last_layer_is_beyond() -> None:
    """What leaves the last layer to a new account is gone beyond; to a known account it comes back."""
    flow = followed(
        move("v>a", 100), move("a>b", 100, minute=1), move("b>a", 40, minute=2), move("b>c", 60, minute=3), hops=2
    )

    assert (account(flow, "a").inside_fen, flow.last.gone_fen) == (40, {Exit.BEYOND: 60})


def test_small_parts_are_gone_as_small() -> None:
    """A transfer with less of the money in it than asked for is not followed, and is still accounted for."""
    flow = followed(move("v>a", 100), move("a>b", 5, minute=1), move("a>c", 95, minute=2), least_fen=10)

    assert ([one.account_id for one in flow.accounts], flow.last.gone_fen) == (["v", "a", "c"], {Exit.SMALL: 5})


@pytest.mark.parametrize(
    ("fields", "way_out"),
    [
        ({"event_type": EventType.CASH_WITHDRAWAL}, Exit.CASH),
        ({"event_type": EventType.CARD_PAYMENT}, Exit.CARD),
        ({"event_type": EventType.WALLET_TOPUP}, Exit.WALLET),
        ({"event_type": EventType.CRYPTO_OTC}, Exit.CRYPTO),
        ({"channel": Channel.POS}, Exit.CARD),
        ({"payee_type": PayeeType.MERCHANT}, Exit.MERCHANT),
        ({"payee_type": PayeeType.WALLET}, Exit.WALLET),
        ({"channel": Channel.ATM}, None),
        ({"event_type": EventType.TRANSFER, "channel": Channel.POS}, None),
        ({"payee_type": PayeeType.ORGANISATION}, None),
    ],
)
def test_ways_out(fields: dict[str, Any], way_out: Exit | None) -> None:
    """Cash, cards, wallets, coins and merchants end the way; what is in doubt is followed."""
    assert followed(move("v>a", 100), move("a>b", 100, minute=1, **fields)).edges[1].exit == way_out


def test_merchant_that_a_victim_pays_is_followed() -> None:
    """A merchant's account that takes victims' money is the first layer, and money sent to it later is inside."""
    merchant: dict[str, Any] = {"payee_type": PayeeType.MERCHANT}
    flow = followed(move("v>m", 100, **merchant), move("m>b", 100, minute=1), move("b>m", 30, minute=2, **merchant))

    assert account(flow, "m").inside_fen == 30


def test_cash_fetched_by_the_victim_is_gone_at_once() -> None:
    """A start that is a withdrawal has no first layer."""
    flow = followed(move("v>desk", 100, event_type=EventType.CASH_WITHDRAWAL))

    assert ([one.account_id for one in flow.accounts], flow.last.gone_fen) == (["v"], {Exit.CASH: 100})


def test_booking_moves_nothing_and_is_told() -> None:
    """Cash that is booked is still inside, and the account is marked."""
    booking = move("a>desk", 70, minute=1, event_type=EventType.CASH_WITHDRAWAL_BOOKING)
    early = move("b>desk", 5, minute=1, event_type=EventType.CASH_WITHDRAWAL_BOOKING)
    flow = followed(move("v>a", 100), booking, early)

    assert (account(flow, "a").inside_fen, account(flow, "a").booked_fen) == (100, 70)


def test_curve_counts_by_full_minutes() -> None:
    """What moves within a minute shows at its end; quiet minutes repeat the last."""
    flow = followed(move("v>a", 100), move("a>d", 30, minute=2.5, event_type=EventType.CASH_WITHDRAWAL))

    assert [(point.minute, point.inside_fen) for point in flow.curve] == [(0, 100), (1, 100), (2, 100), (3, 70)]
    assert flow.curve[3].recoverable == pytest.approx(0.7)


def test_end_is_the_horizon_or_what_is_known() -> None:
    """The horizon counts from the last start; nothing later than `as_of_ms` is known."""
    log = (move("v>a", 100), move("v>a", 50, minute=5, transfer_id="again"), move("a>b", 150, minute=7))

    assert len(followed(*log, starts=2, horizon_ms=120_000).edges) == 3
    assert len(followed(*log, starts=2, horizon_ms=119_999).edges) == 2
    assert len(followed(*log, starts=2, as_of_ms=300_000).edges) == 2


def test_events_of_the_service_are_taken_as_they_are() -> None:
    """A log takes transfers, and of a repeated id the first; later money does not join an earlier payment."""
    paid = make_transfer("T1", amount_fen=100, payee_account_id="a")
    passed = make_transfer("T2", after_s=60, amount_fen=80, payer_account_id="a", payee_account_id="b")
    log = MovementLog([paid, passed, passed])
    start = log.find("T1")

    assert start is not None
    assert log.find("T9") is None
    assert [edge.transfer_id for edge in follow(log, [start]).edges] == ["T1", "T2"]


def test_wrong_starts_are_refused() -> None:
    """No start, a start that moves nothing, and one later than what is known, are named."""
    itself, paid = move("a>a", 5), move("v>a", 5, minute=1)

    with pytest.raises(DataError, match="no transfer to start from"):
        follow(MovementLog([]), [])
    with pytest.raises(DataError, match="a>a moves no money"):
        followed(itself)
    with pytest.raises(DataError, match="v>a is later"):
        followed(paid, as_of_ms=59_999)


@pytest.mark.parametrize("wrong", [{"hops": 0}, {"hops": 13}, {"horizon_ms": 0}, {"least_fen": -1}])
def test_wrong_options_are_refused(wrong: dict[str, int]) -> None:
    """A number that makes no sense is refused when it is given."""
    with pytest.raises(DefinitionError, match=r"write|say"):
        FollowOptions(**wrong)  # type: ignore[arg-type]  # some numbers
