"""A stop-payment request: drafted by one person, signed by another, exported, answered, twice at most."""

from typing import Any

import pytest

from fraudguard.serve.rights import Role
from tests.serve.console.walking import add_officer, case_of, post, sign_in, sign_in_enrolled
from tests.serve.fakes import Service, body_of

DRAFT = {"transfer_id": "T/2", "bank_code": "102100099996", "name_checked": "1", "basis": "本人报警，款已转出"}

EXPORTED = {
    "request_type": "emergency_stop",
    "sequence_no": 1,
    "amount": "49800.00",
    "payee_account_token": "payee-account-2",
    "drafted_by": "o1",
    "signed_by": "a1",
    "transfer_ref": "T/2",
}


def drafted(service: Service, **fields: str) -> tuple[str, Any]:
    """Claim the urgent case and draft a request; return the case's id and the answer."""
    case_id = case_of(service, "T/2")
    post(service, case_id, "claim")
    return case_id, post(service, case_id, "stop", **{**DRAFT, **fields})


def as_approver(service: Service) -> None:
    """Sign in as an approver."""
    if "a1" not in {row.name for row in service.store.officers.list()}:
        add_officer(service, "a1", Role.APPROVER)
    service.store.second_factors.remove("a1")
    sign_in_enrolled(service, "a1")


def decide(service: Service, case_id: str, **fields: str) -> Any:  # noqa: ANN401  # httpx's response
    """Sign or refuse the draft of a case as an approver."""
    as_approver(service)
    return post(service, case_id, "stop/decision", **fields)


def answered(service: Service, case_id: str) -> list[Any]:
    """Record the bank's answer: first without an amount, then an unknown one, then as it should be."""
    sign_in(service)
    post(service, case_id, "claim")
    told = ({"feedback": "stopped"}, {"feedback": "maybe"}, {"feedback": "stopped", "stopped": "12,000"})
    return [post(service, case_id, "stop/feedback", **fields) for fields in told]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"bank_code": ""}, "缺少：收款行"),
        ({"name_checked": ""}, "缺少：户名已核对"),
        ({"basis": " ", "bank_code": ""}, "缺少：收款行、依据"),
        ({"transfer_id": "T/1"}, "请选择本案的一笔转账"),
    ],
)
def test_a_draft_with_a_fact_missing_is_refused(at_desk: Service, fields: dict[str, str], text: str) -> None:
    """All that is missing is named, and nothing is drafted."""
    case_id, reply = drafted(at_desk, **fields)

    assert (reply.status_code, text in reply.text) == (422, True)
    assert at_desk.store.cases.get(case_id).state == "open"


def test_a_name_that_does_not_match_is_not_stopped(at_desk: Service) -> None:
    """Where the bank found another name, no tick helps."""
    payee = {"account_id": "payee-account-2", "name_match": "NMTC", "bank_code": "1"}
    at_desk.assess(body_of("T/3", payer={"account_id": "6217000012341004"}, payee=payee))
    _, reply = drafted(at_desk, transfer_id="T/3")

    assert (reply.status_code, "户名不符" in reply.text) == (422, True)


def test_a_second_person_signs_and_the_bank_answers(at_desk: Service) -> None:
    """Drafted, signed by an approver, exported complete and for 48 hours, answered; every step stands in the log."""
    case_id, reply = drafted(at_desk)
    early = at_desk.client.get(f"/console/cases/{case_id}/stop.json")
    own = post(at_desk, case_id, "stop/decision", decision="sign")
    waiting = decide(at_desk, case_id, decision="nothing", reason="")
    listed = at_desk.client.get("/console/queue?state=stop_drafted").text
    signed = post(at_desk, case_id, "stop/decision", decision="sign")
    exported = at_desk.client.get(f"/console/cases/{case_id}/stop.json")
    page = at_desk.client.get(f"/console/cases/{case_id}").text
    answers = answered(at_desk, case_id)
    moves = [act.move for act in at_desk.store.cases.acts(case_id)]

    replies = (reply, early, own, waiting, signed, *answers)
    assert [one.status_code for one in replies] == [303, 409, 403, 422, 303, 422, 422, 303]
    assert case_id in listed
    assert "剩 2 d" in page
    assert exported.headers["content-disposition"].endswith('-1.json"')
    document = exported.json()
    assert {
        "amount": "49800.00",
        "payee_account_token": "payee-account-2",
        "sequence_no": 1,
    }.items() <= document.items()
    assert (document["drafted_by"], document["signed_by"], document["transfer_ref"]) == ("o1", "a1", "T/2")
    assert document["request_type"] == "emergency_stop"
    assert [move for move in moves if "stop" in move or move == "feed_back"] == ["draft_stop", "sign_stop", "feed_back"]
    assert "stop_exported" in {row.act for row in at_desk.store.trail.newest(limit=20)}
    assert "止付余额 12,000.00 元" in at_desk.client.get(f"/console/cases/{case_id}").text


def test_a_draft_is_withdrawn_or_refused(at_desk: Service) -> None:
    """Who drafted takes it back; an approver sends it back with a reason; after either there is nothing to sign."""
    case_id, _ = drafted(at_desk)
    withdrawn = post(at_desk, case_id, "stop/withdraw")
    post(at_desk, case_id, "stop", **DRAFT, form_id="again")
    refused = decide(at_desk, case_id, decision="refuse", reason="金额与凭证不符")
    nothing = post(at_desk, case_id, "stop/decision", decision="sign")
    absent = at_desk.client.get(f"/console/cases/{case_id}/stop.json")

    assert (withdrawn.status_code, refused.status_code) == (303, 303)
    assert (nothing.status_code, absent.status_code) == (409, 404)
    assert at_desk.store.cases.get(case_id).state == "open"
    assert "金额与凭证不符" in at_desk.client.get(f"/console/cases/{case_id}").text


def test_an_account_is_stopped_twice_at_most(at_desk: Service) -> None:
    """The second request says that it is the second; a third is refused, also in another case of the same account."""
    case_id, _ = drafted(at_desk)
    numbers = []
    for turn in range(2):
        decide(at_desk, case_id, decision="sign")
        numbers.append(at_desk.client.get(f"/console/cases/{case_id}/stop.json").json()["request_type"])
        sign_in(at_desk)
        post(at_desk, case_id, "claim")
        post(at_desk, case_id, "stop/feedback", feedback="name_mismatch")
        if turn == 0:
            post(at_desk, case_id, "stop", **DRAFT)
    third = post(at_desk, case_id, "stop", **DRAFT)
    at_desk.assess(body_of("T/7", payer={"account_id": "another"}, payee={"account_id": "payee-account-2"}))
    other = case_of(at_desk, "T/7")
    post(at_desk, other, "claim")
    elsewhere = post(at_desk, other, "stop", **{**DRAFT, "transfer_id": "T/7"})

    assert numbers == ["emergency_stop", "re_stop"]
    assert [(one.status_code, "已止付 2 次" in one.text) for one in (third, elsewhere)] == [(409, True)] * 2
