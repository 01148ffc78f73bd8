"""Cases on both databases: how alerts become cases, who wins a claim, what a stale page cannot do."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from fraudguard.column import to_ms
from fraudguard.errors import ConflictError
from fraudguard.serve.store import Store
from fraudguard.serve.store.case_rows import ActRow, CaseFilter, Hold, StopRow
from fraudguard.serve.store.case_tables import case_act, case_alert
from fraudguard.serve.store.desk_tables import trail
from fraudguard.serve.store.officers import OfficerRow
from fraudguard.serve.store.rows import Record, log_row
from fraudguard.serve.store.saved_views import SavedView
from fraudguard.serve.store.trail import TrailRow
from fraudguard.transfer import Channel
from tests.fakes import START, make_transfer
from tests.serve.store.test_store import decided, finding_on

NOW = to_ms(START)
MINUTE = 60_000


def alert(seq: int, *, pair: str = "", tier: str = "high", amount_fen: int = 10_000, **fields: object) -> Record:
    """Return an alert of a payer and payee of their own, unless a pair is named."""
    payer, payee = f"payer-{pair or seq}", f"payee-{pair or seq}"
    transfer = make_transfer(
        f"T{seq}", amount_fen=amount_fen, channel=Channel.WEB, payer_account_id=payer, payee_account_id=payee
    )
    plain = {"tier": tier, "decided_at_ms": NOW, "score": 0.5, "hold_s": None}
    return Record(log_row(seq, transfer, START), decided(f"T{seq}", **{**plain, **fields}))


@pytest.fixture
def at_work(store: Store) -> Store:
    """Give a store with forty officers."""
    for number in range(40):
        row = {"password_hash": "", "must_change_password": False, "role": "officer", "disabled": False}
        store.officers.add(OfficerRow(name=f"o{number}", created_at_ms=1, **row))  # type: ignore[arg-type]
    return store


def gathered(store: Store, *records: Record) -> list[str]:
    """Return the ids of the open cases in the order of the queue, after these were written."""
    store.write(records)
    store.gathering.gather()
    return shown(store)


def shown(store: Store, *, now_ms: int = NOW, **wanted: object) -> list[str]:
    """Return the ids of the cases that a filter shows."""
    return [line.case.case_id for line in store.cases.page(CaseFilter(**wanted), now_ms=now_ms)]  # type: ignore[arg-type]


def claim(store: Store, case_id: str, officer: str = "o1", *, at_ms: int = NOW) -> bool:
    """Claim a case for five minutes."""
    act = ActRow(case_id=case_id, at_ms=at_ms, officer=officer, move="claim")
    return store.cases.claim(case_id, officer, act=act, token=officer, until_ms=at_ms + 5 * MINUTE)


def claim_next(store: Store, officer: str) -> str | None:
    """Claim what comes first."""
    act = ActRow(case_id="", at_ms=NOW, officer=officer, move="claim")
    return store.cases.claim_next(act=act, token=officer, until_ms=NOW + 5 * MINUTE)


def test_cases_come_by_tier_then_savable_money(at_work: Store) -> None:
    """An urgent case comes before all others; in a tier, more money that can still be saved comes first."""
    found = gathered(
        at_work,
        alert(1, tier="low", amount_fen=900_000),
        alert(2, amount_fen=10_000),
        alert(3, amount_fen=20_000),
        alert(4, tier="urgent", amount_fen=100),
        alert(5, tier=None),  # type: ignore[arg-type]
    )

    assert found == ["260105-4", "260105-3", "260105-2", "260105-1"]


def test_money_that_is_held_comes_before_money_that_drains(at_work: Store) -> None:
    """Half an hour later the larger sum has mostly gone, and the held smaller one comes first."""
    gathered(
        at_work, alert(1, tier="medium", amount_fen=30_000), alert(2, tier="medium", amount_fen=20_000, hold_s=7200)
    )

    assert shown(at_work) == ["260105-1", "260105-2"]
    assert shown(at_work, now_ms=NOW + 31 * MINUTE) == ["260105-2", "260105-1"]


def test_what_is_nearly_late_comes_first_in_its_tier(at_work: Store) -> None:
    """In the last fifth of its time a case is lifted to the top of its tier, and no further."""
    late, urgent = {"decided_at_ms": NOW - 5 * MINUTE}, {"tier": "urgent", "amount_fen": 100}
    gathered(at_work, alert(1, amount_fen=90_000), alert(2, amount_fen=100, **late), alert(3, **urgent))  # type: ignore[arg-type]

    assert shown(at_work) == ["260105-3", "260105-2", "260105-1"]


def test_alerts_of_a_pair_are_one_case(at_work: Store) -> None:
    """A second alert within a day joins the case: the tier may only rise, amounts add up, the graver one leads."""
    gathered(at_work, alert(1, pair="p", tier="medium"))
    (case_id,) = gathered(at_work, alert(2, pair="p", tier="urgent", amount_fen=500, score=0.9))
    gathered(at_work, alert(3, pair="p", tier="low"))
    gathered(at_work, alert(4, pair="p", decided_at_ms=NOW + 25 * 60 * MINUTE))
    case = at_work.cases.get(case_id)

    assert (case.tier, case.lead_seq, case.amount_fen, case.score) == ("urgent", 2, 20_500, 0.9)
    assert at_work.cases.alert_places(case_id) == [1, 2, 3]
    assert [act.move for act in at_work.cases.acts(case_id)] == ["raise", "join", "join"]
    assert at_work.cases.of_transfer("T4").case_id == "260106-4"


def test_gathering_twice_is_gathering_once(at_work: Store) -> None:
    """Many looks at the queue at the same moment make each case once."""
    at_work.write([alert(seq) for seq in range(1, 31)])
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: at_work.gathering.gather(), range(16)))
    again = Store(at_work.engine)
    again.gathering.gather()

    assert at_work.cases.count(CaseFilter(), now_ms=NOW) == 30


def test_a_finding_from_elsewhere_ends_a_case(at_work: Store) -> None:
    """Once every transfer of a case has a finding, no matter from whom, no work waits on it."""
    gathered(at_work, alert(1, pair="p"), alert(2, pair="p"))
    half = gathered(at_work, Record(log_row(3, finding_on("T1", "F1"), START)))
    none = gathered(at_work, Record(log_row(4, finding_on("T2", "F2"), START)))

    assert (half, none) == (["260105-1"], [])
    assert [act.move for act in at_work.cases.acts("260105-1")][-1] == "learn"
    assert shown(at_work, state="closed") == ["260105-1"]


def test_of_forty_claims_one_wins(at_work: Store) -> None:
    """Forty officers claim each of five cases at the same moment: each case has one holder, thirty-nine are told."""
    cases = gathered(at_work, *(alert(seq) for seq in range(1, 6)))
    wanted = [(case_id, f"o{number}") for case_id in cases for number in range(40)]
    with ThreadPoolExecutor(20) as pool:
        won = list(pool.map(lambda one: claim(at_work, *one), wanted))

    assert Counter(won) == {True: 5, False: 195}
    assert all(at_work.cases.get(case_id).is_held(NOW) for case_id in cases)


def test_claiming_the_next_gives_nobody_the_same(at_work: Store) -> None:
    """Twelve officers ask for the next of eight cases at once: eight get different ones, four get none."""
    cases = gathered(at_work, *(alert(seq) for seq in range(1, 9)))
    with ThreadPoolExecutor(12) as pool:
        given = list(pool.map(lambda number: claim_next(at_work, f"o{number}"), range(12)))
    rest = [claim_next(at_work, f"o{number}") for number in range(12, 20)]
    taken = [case_id for case_id in (*given, *rest) if case_id is not None]

    assert sorted(taken) == sorted(cases)


def test_a_hold_runs_out(at_work: Store) -> None:
    """While it lasts nobody else gets the case; after it anybody does; the holder may always claim again."""
    (case_id,) = gathered(at_work, alert(1))

    assert claim(at_work, case_id, "o1")
    assert claim(at_work, case_id, "o1", at_ms=NOW + MINUTE)
    assert not claim(at_work, case_id, "o2", at_ms=NOW + 5 * MINUTE)
    assert claim(at_work, case_id, "o2", at_ms=NOW + 6 * MINUTE)


def test_only_what_the_page_knew_is_changed(at_work: Store) -> None:
    """A write needs holder, token, version and state of its page; the same form twice is done once and is no error."""
    (case_id,) = gathered(at_work, alert(1))
    claim(at_work, case_id)
    case = at_work.cases.get(case_id)
    hold = Hold(officer="o1", token="o1", version=case.version)  # noqa: S106  # no secret
    act = ActRow(case_id=case_id, at_ms=NOW, officer="o1", move="note", detail={"note": "x"}, form_id="f1")
    done = at_work.cases.do(act, {"state": "open"}, from_state="open", hold=hold)
    again = at_work.cases.do(act, {"state": "open"}, from_state="open", hold=hold)
    other = ActRow(case_id=case_id, at_ms=NOW, officer="o1", move="note", form_id="f2")
    fresh = Hold(officer="o1", token="o1", version=case.version + 1)  # noqa: S106
    refused = [
        at_work.cases.do(other, {}, from_state="open", hold=hold),
        at_work.cases.do(other, {}, from_state="waiting", hold=fresh),
        at_work.cases.do(other, {}, from_state="open", hold=Hold(officer="o2", token="o1", version=3)),  # noqa: S106
        at_work.cases.do(other, {}, from_state="open", hold=Hold(officer="o1", token="no", version=3)),  # noqa: S106
    ]

    assert (done, again, refused) == (True, True, [False] * 4)
    assert [act.move for act in at_work.cases.acts(case_id)] == ["raise", "claim", "note"]
    assert at_work.cases.keep(case_id, fresh, now_ms=NOW, until_ms=NOW + 30 * MINUTE)
    assert not at_work.cases.keep(case_id, fresh, now_ms=NOW + 31 * MINUTE, until_ms=NOW + 60 * MINUTE)


def test_filters_find_what_they_say(at_work: Store) -> None:
    """By tier, holder, channel, amount, part of an account, and by clock."""
    gathered(at_work, alert(1, tier="urgent"), alert(2, amount_fen=50_000), alert(3, tier="low"))
    claim(at_work, "260105-2")

    assert shown(at_work, tier="urgent") == ["260105-1"]
    assert shown(at_work, holder="o1") == ["260105-2"]
    assert shown(at_work, holder="o1", now_ms=NOW + 6 * MINUTE) == []
    assert shown(at_work, channel="atm") == []
    assert shown(at_work, least_fen=50_000) == ["260105-2"]
    assert shown(at_work, text="payee-3") == ["260105-3"]
    assert shown(at_work, text="_") == []
    assert shown(at_work, state="unclaimed") == ["260105-1", "260105-3"]
    assert shown(at_work, state="overdue", now_ms=NOW + 6 * MINUTE) == ["260105-1", "260105-2"]


def test_the_desk_is_counted(at_work: Store) -> None:
    """How much waits, is late, is mine, was closed, and what can still be saved."""
    gathered(at_work, alert(1, tier="urgent"), alert(2), alert(3))
    claim(at_work, "260105-2")
    counts = at_work.cases.counts("o1", now_ms=NOW, day_from_ms=NOW - 60 * MINUTE)
    empty = at_work.cases.counts("o2", now_ms=NOW + 6 * MINUTE, day_from_ms=NOW)

    assert (counts.unclaimed, counts.overdue, counts.mine, counts.closed_today) == (2, 0, 1, 0)
    assert counts.savable_fen == 15_000
    assert (empty.overdue, empty.mine) == (3, 0)
    assert [case.case_id for case in at_work.cases.held_by("o1", now_ms=NOW)] == ["260105-2"]
    assert at_work.cases.news(since_ms=NOW - 1) == 3


def test_views_are_of_one_officer(at_work: Store) -> None:
    """A view takes the place of one of the same name, and is nobody else's."""
    at_work.saved_views.put("o1", SavedView("a", "tier=low"))
    at_work.saved_views.put("o1", SavedView("a", "tier=high"))
    at_work.saved_views.put("o2", SavedView("b", "mine=1"))
    at_work.saved_views.remove("o2", "a")

    assert at_work.saved_views.list("o1") == [SavedView("a", "tier=high")]
    assert at_work.saved_views.list("o2") == [SavedView("b", "mine=1")]


@pytest.mark.parametrize(
    "statement",
    [update(case_act).values(officer="x"), delete(case_act), delete(case_alert), update(trail).values(officer="x")],
)
def test_what_was_done_is_final(at_work: Store, statement: object) -> None:
    """The database itself refuses to change or remove an act, an alert of a case, or a line of the trail."""
    gathered(at_work, alert(1))
    at_work.trail.add(TrailRow(at_ms=1, officer="o1", act="refused", subject="s"))

    with at_work.engine.begin() as connection, pytest.raises(DatabaseError, match="never changed"):
        connection.execute(statement)  # type: ignore[call-overload]


def test_of_those_who_sign_the_same_stop_at_once_one_does(at_work: Store) -> None:
    """Twenty sign the second stop of an account in twenty cases: one is signed, and the others change nothing."""
    cases = [f"{START:%y%m%d}-{number}" for number in range(1, 22)]
    at_work.write([_of_payee(number) for number in range(1, 22)])
    at_work.gathering.gather()

    def sign(case_id: str, number: int) -> bool:
        act = ActRow(case_id=case_id, at_ms=NOW, officer="o1", move="sign_stop", detail={"number": number})
        stop = StopRow(payee_account_id="mule", number=number, case_id=case_id)
        try:
            return at_work.cases.do(act, {"state": "stopped"}, from_state="new", hold=None, stop=stop)
        except ConflictError:
            return False

    first = sign(cases[0], 1)
    with ThreadPoolExecutor(20) as pool:
        signed = list(pool.map(sign, cases[1:], [2] * 20))
    states = Counter(at_work.cases.get(case_id).state for case_id in cases)
    lines = [act.move for case_id in cases for act in at_work.cases.acts(case_id)]

    assert (first, signed.count(True)) == (True, 1)
    assert states == {"new": 19, "stopped": 2}
    assert lines.count("sign_stop") == at_work.cases.stops_of("mule") == 2


def _of_payee(number: int) -> Record:
    transfer = make_transfer(f"T{number}", payer_account_id=f"payer-{number}", payee_account_id="mule")
    return Record(log_row(number, transfer, START), decided(f"T{number}", decided_at_ms=NOW, hold_s=None))
