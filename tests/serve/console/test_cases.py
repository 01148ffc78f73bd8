"""One case, as an officer works it."""

import re
from urllib.parse import quote

import pytest

from fraudguard.finding import Finding
from fraudguard.serve.rights import Role
from tests.serve.console.walking import add_officer, case_of, fields_of, form_token, post, record, sign_in
from tests.serve.fakes import Service, body_of


def test_a_case_shows_facts_and_reasons(at_desk: Service) -> None:
    """The page of a case shows facts, the reason beside the payer's own normal, versions, its clocks, no default."""
    case_id = case_of(at_desk, "T/2")
    post(at_desk, case_id, "claim")
    page = at_desk.client.get(f"/console/cases/{case_id}").text

    assert "金额高于本人平时" in page
    assert "本人平时" in page
    assert "fake-1" in page
    assert "6217000012341004" not in page
    assert "付款人受骗后发起的转账" in page
    assert "网上银行" in page
    assert not re.search(r'type="radio"[^>]* checked', page)
    assert "延迟支付" in page
    assert "剩 1:59:59" in page or "剩 2:00:00" in page


def test_a_transfer_leads_to_its_case(at_desk: Service) -> None:
    """An address with the bank's own id leads to the case; an unknown one is a page that says so."""
    led = at_desk.client.get("/console/transfers/T/2")
    unknown = at_desk.client.get("/console/transfers/T/9")

    assert led.headers["location"] == f"/console/cases/{case_of(at_desk, 'T/2')}"
    assert (unknown.status_code, "未找到案件" in unknown.text) == (404, True)


def test_a_finding_closes_the_case(at_desk: Service) -> None:
    """A recorded finding enters the log, leads back with a notice, and the case is closed."""
    case_id = case_of(at_desk, "T/2")
    reply = record(
        at_desk, "T/2", finding="victim_transfer", scam_type="police_impersonation", loss="49,800.00", note="已报案"
    )
    back = at_desk.client.get(reply.headers["location"]).text
    closed = at_desk.client.get("/console/queue?state=closed").text
    entry = list(at_desk.store.log.read())[-1].event

    assert (reply.status_code, reply.headers["location"]) == (303, "/console/queue?notice=closed")
    assert "结论已记录" in back
    assert (case_id in back, case_id in closed) == (False, True)
    assert isinstance(entry, Finding)
    assert (entry.transfer_id, entry.loss_fen, entry.author, entry.source) == ("T/2", 4_980_000, "o1", "officer")


def test_a_finding_is_given_to_every_transfer_of_the_case(at_desk: Service) -> None:
    """Two alerts of one payer and payee are one case: both transfers get the finding, the loss stands once."""
    at_desk.assess(body_of("T/3", payer={"account_id": "6217000012341004"}, payee={"account_id": "payee-account-2"}))
    same = case_of(at_desk, "T/2") == case_of(at_desk, "T/3")
    record(at_desk, "T/2", finding="victim_transfer", scam_type="romance", loss="100")
    found = [entry.event for entry in at_desk.store.log.read() if isinstance(entry.event, Finding)]

    assert same
    assert sorted((one.transfer_id, one.loss_fen) for one in found) == [("T/2", 10_000), ("T/3", None)]


def test_a_finding_is_corrected_by_another(at_desk: Service) -> None:
    """A second finding supersedes the one the officer saw; one made on an older page is a conflict."""
    record(at_desk, "T/2", finding="genuine")
    first = list(at_desk.store.log.read())[-1].event_id
    corrected = record(at_desk, "T/2", finding="civil_dispute")
    stale = record(at_desk, "T/2", finding="genuine", supersedes=first)
    page = at_desk.client.get(f"/console/cases/{case_of(at_desk, 'T/2')}").text

    assert (corrected.status_code, stale.status_code) == (303, 409)
    assert "已被更正" in page
    assert "更正结论" in page


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "请选择结论"),
        ({"finding": "criminal"}, "请选择结论"),
        ({"finding": "victim_transfer"}, "请选择诈骗类型"),
        ({"finding": "genuine", "loss": "much"}, "损失请以元填写"),
        ({"finding": "genuine", "loss": "1.234"}, "损失请以元填写"),
        ({"finding": "genuine", "loss": "-1"}, "损失请以元填写"),
        ({"finding": "genuine", "loss": "NaN"}, "损失请以元填写"),
        ({"finding": "genuine", "loss": "1e999999"}, "损失请以元填写"),
        ({"finding": "genuine", "note": "x" * 2001}, "备注超过"),
    ],
)
def test_a_finding_that_does_not_fit_keeps_the_text(at_desk: Service, fields: dict[str, str], text: str) -> None:
    """What is missing is said, what was typed is kept, nothing is recorded."""
    reply = record(at_desk, "T/2", **{"note": "我的备注", **fields})

    assert reply.status_code == 422
    assert text in reply.text
    assert fields.get("note", "我的备注") in reply.text
    assert at_desk.store.log.count() == 2


def test_an_analyst_reads_and_records_nothing(at_desk: Service) -> None:
    """A role without the right sees no form, may reveal nothing, and is refused when it sends one."""
    add_officer(at_desk, "a1", Role.ANALYST)
    sign_in(at_desk, "a1")
    case_id = case_of(at_desk, "T/2")
    page = at_desk.client.get(f"/console/cases/{case_id}")
    replies = [post(at_desk, case_id, action) for action in ("findings", "claim", "reveal")]

    assert "不能记录结论" in page.text
    assert "显示脱敏内容" not in page.text
    assert {reply.status_code for reply in replies} == {403}
    assert "您无权执行此操作" in replies[0].text


def test_a_form_from_elsewhere_is_refused(at_desk: Service) -> None:
    """Without the page's token, or from another origin, nothing is done."""
    case_id = case_of(at_desk, "T/2")
    path = f"/console/cases/{case_id}/claim"
    token = form_token(at_desk.client.get(f"/console/cases/{case_id}"))
    without = at_desk.client.post(path)
    foreign = at_desk.client.post(path, data={"form_token": token}, headers={"Origin": "https://elsewhere.example"})

    assert (without.status_code, foreign.status_code) == (403, 403)
    assert at_desk.store.cases.get(case_id).holder is None


def test_who_comes_second_reads_who_holds_it(at_desk: Service) -> None:
    """A claim of a case that somebody holds is a readable page with status 409; a script gets the panel alone."""
    case_id = case_of(at_desk, "T/2")
    post(at_desk, case_id, "claim")
    add_officer(at_desk, "o2")
    sign_in(at_desk, "o2")
    token = form_token(at_desk.client.get("/console/queue"))
    second = at_desk.client.post(f"/console/cases/{case_id}/claim", data={"form_token": token})
    by_script = at_desk.client.post(
        f"/console/cases/{case_id}/claim", data={"form_token": token}, headers={"HX-Request-Type": "partial"}
    )

    assert second.status_code == by_script.status_code == 409
    assert "该案件已被他人领取" in second.text
    assert "o1" in second.text
    assert "领取下一起" in second.text
    assert ("<html" in second.text, "<html" in by_script.text, "<dialog" in by_script.text) == (True, False, True)


def test_a_lost_hold_keeps_the_text(at_desk: Service) -> None:
    """After the hold ran out and another took the case, a note is not recorded and stands on the page to be copied."""
    case_id = case_of(at_desk, "T/2")
    post(at_desk, case_id, "claim")
    note = fields_of(at_desk.client.get(f"/console/cases/{case_id}"), "notes")
    at_desk.clock.advance(minutes=6)
    late = at_desk.client.post(f"/console/cases/{case_id}/notes", data={**note, "note": "他说要转给老师"})

    assert late.status_code == 409
    assert "您的处置权已到期" in late.text
    assert "他说要转给老师" in late.text


def test_a_changed_case_is_told(at_desk: Service) -> None:
    """A form of an older page is refused while the same officer still holds the case, and the same form twice is once."""
    case_id = case_of(at_desk, "T/2")
    post(at_desk, case_id, "claim")
    form = fields_of(at_desk.client.get(f"/console/cases/{case_id}"), "notes")
    path = f"/console/cases/{case_id}/notes"
    first = at_desk.client.post(path, data={**form, "note": "first"})
    again = at_desk.client.post(path, data={**form, "note": "first"})
    stale = at_desk.client.post(path, data={**form, "note": "second", "form_id": "another"})
    empty = post(at_desk, case_id, "notes", note=" ")
    notes = [act.detail["note"] for act in at_desk.store.cases.acts(case_id) if act.move == "note"]

    assert (first.status_code, again.status_code, stale.status_code, empty.status_code) == (303, 303, 409, 422)
    assert "案件已更新" in stale.text
    assert notes == ["first"]


def test_a_case_is_given_back_and_kept(at_desk: Service) -> None:
    """While speaking, an officer keeps the case half an hour; given back, it is free at once."""
    case_id = case_of(at_desk, "T/2")
    post(at_desk, case_id, "claim")
    kept = post(at_desk, case_id, "hold")
    at_desk.clock.advance(minutes=14)
    still = at_desk.store.cases.get(case_id).is_held(int(at_desk.clock.now().timestamp() * 1000))
    back = post(at_desk, case_id, "give-back")

    assert (kept.status_code, still) == (303, True)
    assert back.headers["location"] == "/console/queue?notice=given_back"
    assert at_desk.store.cases.get(case_id).holder is None


def test_a_lead_takes_over_for_a_reason(at_desk: Service) -> None:
    """Without a reason nothing happens; with one the lead holds the case, and its log says why."""
    case_id = case_of(at_desk, "T/2")
    post(at_desk, case_id, "claim")
    add_officer(at_desk, "s1", Role.SUPERVISOR)
    sign_in(at_desk, "s1")
    without = post(at_desk, case_id, "take-over", reason=" ")
    taken = post(at_desk, case_id, "take-over", reason="值班交接")
    page = at_desk.client.get(f"/console/cases/{case_id}").text

    assert (without.status_code, "请写明接管理由" in without.text) == (422, True)
    assert taken.status_code == 303
    assert "原处置人 o1 · 值班交接" in page
    assert at_desk.store.cases.get(case_id).holder == "s1"


def test_what_is_masked_is_shown_to_who_says_what_for(at_desk: Service) -> None:
    """An officer reveals a case they hold, for a purpose, once; the trail keeps who and what for, and no value."""
    case_id = case_of(at_desk, "T/2")
    unheld = post(at_desk, case_id, "reveal", purpose="dissuade")
    post(at_desk, case_id, "claim")
    aimless = post(at_desk, case_id, "reveal")
    shown = post(at_desk, case_id, "reveal", purpose="dissuade")
    after = at_desk.client.get(f"/console/cases/{case_id}")
    line = next(row for row in at_desk.store.trail.newest(limit=5) if row.act == "revealed")

    assert (unheld.status_code, aimless.status_code, shown.status_code) == (403, 422, 200)
    assert ("6217000012341004" in shown.text, "6217000012341004" in after.text) == (True, False)
    assert (line.officer, line.subject, line.detail) == ("o1", case_id, "dissuade")


def test_a_printed_case_says_who_printed_it(at_desk: Service) -> None:
    """The sheet names its printer and counts; the trail has each."""
    case_id = case_of(at_desk, "T/2")
    at_desk.client.get(f"/console/cases/{case_id}/sheet")
    second = at_desk.client.get(f"/console/cases/{case_id}/sheet")

    assert "第 2 次打印" in second.text
    assert re.search(r"打印人\s*o1", second.text)
    assert "6217000012341004" not in second.text


def test_names_are_escaped(at_desk: Service) -> None:
    """What a caller sent is text on the page, never markup."""
    at_desk.scorer.fixed = 0.95
    at_desk.assess(body_of("<b>T9</b>", remittance_info="<script>x</script>"))

    led = at_desk.client.get("/console/transfers/" + quote("<b>T9</b>"))
    page = at_desk.client.get(led.headers["location"]).text

    assert "<b>T9" not in page
    assert "<script>x" not in page
    assert "&lt;script&gt;" in page
