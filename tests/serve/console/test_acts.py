"""What is done about a case from its page: speak to the payer, release, extend; and what stands beside the facts."""

import pytest

from fraudguard.serve.rights import Role
from tests.serve.console.walking import add_officer, case_of, post, record, sign_in, sign_in_enrolled
from tests.serve.fakes import Service, body_of


def claimed(service: Service) -> str:
    """Return the id of the urgent case, held by who is signed in."""
    case_id = case_of(service, "T/2")
    post(service, case_id, "claim")
    return case_id


def test_an_attempt_stops_the_first_clock(at_desk: Service) -> None:
    """A call with script and answers stands in the log, and the clock to the end of the case runs from now on."""
    case_id = claimed(at_desk)
    shown = at_desk.client.get(f"/console/cases/{case_id}?scam=romance").text
    done = post(
        at_desk, case_id, "attempts", contact="phone", reached="answered", attitude="denies", scam="romance", read="1"
    )
    page = at_desk.client.get(f"/console/cases/{case_id}").text
    case = at_desk.store.cases.get(case_id)
    act = at_desk.store.cases.acts(case_id)[-1]

    assert "首次处置" in shown
    assert done.headers["location"] == f"/console/cases/{case_id}?scam=romance#log"
    assert "电话 · 接通 · 不信 · 话术 romance" in page
    assert "办结" in page
    assert case.first_act_at_ms is not None
    assert (act.detail["script"], "version" in act.detail) == ("romance", True)


def test_it_is_tried_again_later(at_desk: Service) -> None:
    """A busy line waits for ten minutes: the case says until when, and nobody is given it before."""
    case_id = claimed(at_desk)
    post(at_desk, case_id, "attempts", contact="phone", reached="busy", wait_min="10")
    post(at_desk, case_id, "give-back")
    waiting = at_desk.client.get("/console/queue?state=waiting").text
    now_ms = at_desk.store.cases.acts(case_id)[-1].at_ms

    assert "等待再联系 10:10" in waiting
    assert case_id not in at_desk.client.get("/console/queue?state=unclaimed").text
    assert at_desk.store.cases.get(case_id).waits_until_ms == now_ms + 600_000


def test_a_line_that_stays_busy_advises_a_visit(at_desk: Service) -> None:
    """After two busy calls the page says what that means, and proposes to go there."""
    case_id = claimed(at_desk)
    for _ in range(2):
        post(at_desk, case_id, "attempts", contact="phone", reached="busy")
    page = at_desk.client.get(f"/console/cases/{case_id}").text

    assert "持续占线本身就是受骗的信号" in page
    assert '<option value="visit" selected>' in page


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"contact": "phone"}, "请填写标注的各项"),
        ({"contact": "phone", "reached": "busy", "attitude": "denies"}, "态度请留空"),
        ({"contact": "phone", "reached": "busy", "wait_min": "soon"}, "请填写分钟数"),
        ({"contact": "phone", "reached": "busy", "wait_min": "9999"}, "再次联系请填"),
    ],
)
def test_an_attempt_that_does_not_fit_is_told(at_desk: Service, fields: dict[str, str], text: str) -> None:
    """What is wrong is said, and nothing is recorded."""
    case_id = claimed(at_desk)
    reply = post(at_desk, case_id, "attempts", **fields)

    assert (reply.status_code, text in reply.text) == (422, True)
    assert [act.move for act in at_desk.store.cases.acts(case_id)] == ["raise", "claim"]


def test_an_officer_extends_and_a_lead_releases(at_desk: Service) -> None:
    """Urgent money is kept longer by who holds the case, let go by a lead only; the clock and the log follow."""
    case_id = claimed(at_desk)
    at_desk.store.gathering.gather()
    hold = at_desk.store.holds.page(before=None, limit=1, now_ms=0)[0].assessment_id
    form = {"assessment_id": hold, "form_id": "f1"}
    extended = post(at_desk, case_id, "holds", **form, act="extend", reason_code="visit_pending", hours="2")
    after = at_desk.store.cases.get(case_id).drains_from_ms
    refused = post(at_desk, case_id, "holds", **form, act="release", reason_code="verified_with_payer")
    add_officer(at_desk, "l1", Role.LEAD)
    sign_in_enrolled(at_desk, "l1")
    released = post(
        at_desk, case_id, "holds", assessment_id=hold, form_id="f2", act="release", reason_code="verified_with_payer"
    )
    page = at_desk.client.get(f"/console/cases/{case_id}").text

    assert (extended.status_code, refused.status_code, released.status_code) == (303, 403, 303)
    assert after == 1000 * int(at_desk.clock.now().timestamp()) - 60_000 + 4 * 3_600_000
    assert "已与付款人本人核实" in page
    assert "已放行" in page


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"act": "burn"}, 422),
        ({"act": "extend", "reason_code": "visit_pending", "hours": "0"}, 422),
        ({"act": "extend", "reason_code": "verified_with_payer", "hours": "1"}, 422),
        ({"act": "extend", "reason_code": "visit_pending", "hours": "72"}, 409),
    ],
)
def test_a_hold_is_changed_for_its_reasons_and_within_its_limits(
    at_desk: Service, fields: dict[str, str], status: int
) -> None:
    """An unknown act, a reason of the other act, too long: nothing happens."""
    case_id = claimed(at_desk)
    hold = at_desk.store.holds.page(before=None, limit=1, now_ms=0)[0]

    assert (
        post(at_desk, case_id, "holds", assessment_id=hold.assessment_id, form_id="f", **fields).status_code == status
    )
    assert at_desk.store.holds.get(hold.assessment_id).acts == ()


def test_who_does_not_hold_the_case_changes_no_hold(at_desk: Service) -> None:
    """An officer first claims the case."""
    case_id = case_of(at_desk, "T/2")
    hold = at_desk.store.holds.page(before=None, limit=1, now_ms=0)[0].assessment_id

    assert post(at_desk, case_id, "holds", assessment_id=hold, act="extend", hours="1").status_code == 403


def test_where_the_money_went_stands_on_the_page(at_desk: Service) -> None:
    """The picture and the table show the next layer, masked, in the order of time."""
    at_desk.scorer.fixed = 0.01
    onward = {"payer": {"account_id": "payee-account-2"}, "payee": {"account_id": "6230000000009999"}}
    at_desk.assess(body_of("N1", event_time="2026-01-05T02:06:00Z", amount={"value": 3_000_000}, **onward))
    at_desk.clock.advance(minutes=10)
    sign_in(at_desk)
    page = at_desk.client.get(f"/console/cases/{case_of(at_desk, 'T/2')}").text

    assert "<svg" in page
    assert "6230****9999" in page
    assert "6230000000009999" not in page
    assert "30,000.00" in page


def test_what_is_known_of_the_payee_stands_on_the_page(at_desk: Service) -> None:
    """A young account and another payer's case are told; nothing known is told as unknown."""
    case_id = case_of(at_desk, "T/2")
    before = at_desk.client.get(f"/console/cases/{case_id}").text
    account = {"account_id": "payee-account-2", "opened_at": "2026-01-01"}
    reply = at_desk.client.post("/v1/accounts", json=account, headers=at_desk.auth)
    at_desk.scorer.fixed = 0.95
    at_desk.assess(body_of("T/8", payer={"account_id": "another"}, payee={"account_id": "payee-account-2"}))
    case_of(at_desk, "T/8")
    after = at_desk.client.get(f"/console/cases/{case_id}").text

    assert reply.status_code < 300
    assert "银行没有提供该账户的资料" in before
    assert "4 天" in after
    assert "1 起，1 名付款人" in after


def test_ended_cases_that_looked_alike_are_shown(at_desk: Service) -> None:
    """With how many equal reasons, what was found, and what was done."""
    other = case_of(at_desk, "T/1")
    post(at_desk, other, "claim")
    post(at_desk, other, "attempts", contact="visit", reached="met", attitude="believed")
    record(at_desk, "T/1", finding="genuine")
    page = at_desk.client.get(f"/console/cases/{case_of(at_desk, 'T/2')}").text

    assert other in page
    assert "1/1" in page
    assert "上门 · 已见面 · 相信" in page
