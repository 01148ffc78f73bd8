"""The alerts, as an officer works them."""

from urllib.parse import quote

import pytest

from fraudguard.finding import Finding
from fraudguard.serve.rights import Role
from tests.serve.console.walking import add_officer, form_token, record, sign_in
from tests.serve.fakes import Service, body_of


def test_the_list_shows_the_gravest_first(at_desk: Service) -> None:
    """Open alerts come by tier, with amounts in yuan, time in China and accounts masked."""
    page = at_desk.client.get("/console/alerts").text

    assert page.index("T%2F2" if "T%2F2" in page else "T/2") < page.index("T%2F1" if "T%2F1" in page else "T/1")
    assert "49,800.00" in page
    assert "47,310.00" in page
    assert "2026-01-05 10:00:00" in page
    assert "6217****1004" in page
    assert "6217000012341004" not in page


def test_filters_and_empty_states(at_desk: Service) -> None:
    """A tier filter shows its tier only; an empty result says so and offers to clear it."""
    urgent = at_desk.client.get("/console/alerts?tier=urgent").text
    empty = at_desk.client.get("/console/alerts?tier=low").text
    odd = at_desk.client.get("/console/alerts?tier=none&page=x")

    assert ("T/2" in urgent, "T/1" in urgent) == (True, False)
    assert "没有符合筛选的预警" in empty
    assert odd.status_code == 200


def test_an_empty_desk_says_so(service: Service) -> None:
    """Without alerts the list says that nothing waits."""
    add_officer(service, "o1")
    sign_in(service)

    assert "当前没有待处置的预警" in service.client.get("/console/alerts").text


def test_an_alert_shows_facts_and_reasons(at_desk: Service) -> None:
    """The page of an alert shows facts, the reason beside the payer's own normal, versions, and no default choice."""
    page = at_desk.client.get("/console/alerts/T/2").text

    assert "金额高于本人平时" in page
    assert "本人平时" in page
    assert "fake-1" in page
    assert "6217000012341004" not in page
    assert "付款人受骗后发起的转账" in page
    assert "网上银行" in page
    assert " checked" not in page
    assert "建议延迟至" in page


def test_a_finding_closes_the_alert(at_desk: Service) -> None:
    """A recorded finding enters the log, leads back with a notice, and the alert is closed."""
    reply = record(
        at_desk, "T/2", finding="victim_transfer", scam_type="police_impersonation", loss="49,800.00", note="已报案"
    )
    back = at_desk.client.get(reply.headers["location"]).text
    closed = at_desk.client.get("/console/alerts?state=closed").text
    entry = list(at_desk.store.log.read())[-1].event

    assert (reply.status_code, reply.headers["location"]) == (303, "/console/alerts?notice=recorded")
    assert "结论已记录" in back
    assert ("T/2" in back, "T/2" in closed) == (False, True)
    assert isinstance(entry, Finding)
    assert (entry.transfer_id, entry.loss_fen, entry.author, entry.source) == ("T/2", 4_980_000, "o1", "officer")


def test_a_finding_is_corrected_by_another(at_desk: Service) -> None:
    """A second finding supersedes the one the officer saw; one made on an older page is a conflict."""
    record(at_desk, "T/2", finding="genuine")
    first = list(at_desk.store.log.read())[-1].event_id
    corrected = record(at_desk, "T/2", finding="civil_dispute", supersedes=first)
    stale = record(at_desk, "T/2", finding="genuine", supersedes=first)
    page = at_desk.client.get("/console/alerts/T/2").text

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
    """A role without the right sees no form, and is refused when it sends one."""
    add_officer(at_desk, "a1", Role.ANALYST)
    sign_in(at_desk, "a1")
    page = at_desk.client.get("/console/alerts/T/2")
    reply = record(at_desk, "T/2", finding="genuine")

    assert "不能记录结论" in page.text
    assert (reply.status_code, "您无权执行此操作" in reply.text) == (403, True)


def test_a_form_from_elsewhere_is_refused(at_desk: Service) -> None:
    """Without the page's token, or from another origin, nothing is recorded."""
    path = "/console/alerts/T/2/findings"
    token = form_token(at_desk.client.get("/console/alerts/T/2"))
    without = at_desk.client.post(path, data={"finding": "genuine"})
    foreign = at_desk.client.post(
        path, data={"finding": "genuine", "form_token": token}, headers={"Origin": "https://elsewhere.example"}
    )

    assert (without.status_code, foreign.status_code) == (403, 403)
    assert at_desk.store.log.count() == 2


def test_names_are_escaped(at_desk: Service) -> None:
    """What a caller sent is text on the page, never markup."""
    at_desk.scorer.fixed = 0.95
    at_desk.assess(body_of("<b>T9</b>", remittance_info="<script>x</script>"))

    page = at_desk.client.get("/console/alerts/" + quote("<b>T9</b>")).text

    assert "<b>T9" not in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
