"""The review pages, as an officer walks through them."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher

from fraudguard.finding import Finding
from fraudguard.serve.console.translate import gettext
from fraudguard.serve.officer import Desk, Role
from fraudguard.serve.settings import Settings
from tests.serve.fakes import Service, body_of, make_settings, running

PASSWORD = "correct horse battery"  # noqa: S105  # opens nothing
OWN = "a password of my own"
SETTINGS = make_settings(Path())


def desk_of(service: Service) -> Desk:
    """Return the door of the console, with a quick hash."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return Desk(store=service.store, settings=SETTINGS, clock=service.clock, hasher=hasher)


def add_officer(service: Service, name: str, role: Role = Role.OFFICER, *, one_time: bool = False) -> None:
    """Add an officer."""
    desk_of(service).add(name, PASSWORD, role, one_time=one_time)


def form_token(page: Any) -> str:  # noqa: ANN401  # httpx's response
    """Return the token of the forms of a page."""
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page.text)
    return "" if found is None else found.group(1)


def sign_in(service: Service, name: str = "o1", password: str = PASSWORD) -> Any:  # noqa: ANN401
    """Sign in through the form."""
    token = form_token(service.client.get("/console/login"))
    return service.client.post("/console/login", data={"form_token": token, "name": name, "password": password})


def record(service: Service, transfer_id: str, **fields: str) -> Any:  # noqa: ANN401
    """Send the form of a finding."""
    path = f"/console/alerts/{quote(transfer_id)}"
    token = form_token(service.client.get(path))
    return service.client.post(f"{path}/findings", data={"form_token": token, **fields})


@pytest.fixture
def at_desk(settings: Settings) -> Iterator[Service]:
    """Give a service with two alerts and an officer signed in."""
    with running(settings) as service:
        for number, score in (("1", 0.6), ("2", 0.95)):
            service.scorer.fixed = score
            service.assess(
                body_of(
                    f"T/{number}", payer={"account_id": "6217000012341004"}, amount={"value": 4_980_000}, channel="web"
                )
            )
        add_officer(service, "o1")
        sign_in(service)
        yield service


def test_nobody_sees_a_page_without_a_session(service: Service) -> None:
    """Without a session every page leads to the log-in, and back after it."""
    reply = service.client.get("/console/alerts/T1")

    assert (reply.status_code, reply.headers["location"]) == (303, "/console/login?next=/console/alerts/T1")


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/console/alerts/T1", "/console/alerts/T1"),
        ("https://elsewhere.example/", "/console/alerts"),
        ("//elsewhere.example/", "/console/alerts"),
        ("/console/\\elsewhere", "/console/alerts"),
        ("", "/console/alerts"),
    ],
)
def test_signing_in_leads_back_only_to_our_pages(service: Service, wanted: str, led_to: str) -> None:
    """After the log-in only a path of the console is followed."""
    add_officer(service, "o1")
    token = form_token(service.client.get("/console/login"))

    reply = service.client.post(
        "/console/login", data={"form_token": token, "name": "o1", "password": PASSWORD, "next": wanted}
    )

    assert (reply.status_code, reply.headers["location"]) == (303, led_to)
    assert "HttpOnly" in reply.headers["set-cookie"]
    assert "SameSite=strict" in reply.headers["set-cookie"]


def test_wrong_names_and_passwords_look_the_same(service: Service) -> None:
    """A wrong password and an unknown name get one text; the fifth failure locks."""
    add_officer(service, "o1")
    replies = [sign_in(service, name, "wrong") for name in ("o1", "nobody", "o1", "o1", "o1")]
    locked = sign_in(service, "o1", "wrong")

    assert {reply.status_code for reply in replies} == {401}
    assert all("用户名或密码错误" in reply.text for reply in replies)
    assert locked.status_code == 429
    assert "账号锁定至 2026-01-05 10:15:00" in locked.text


def test_guesses_sent_together_do_not_pass_the_lock(service: Service) -> None:
    """Of wrong passwords sent at the same moment, no more are tried than one after the other."""
    token = form_token(service.client.get("/console/login"))
    form = {"form_token": token, "name": "o1", "password": "wrong"}
    with ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda _: service.client.post("/console/login", data=form), range(12)))

    assert Counter(reply.status_code for reply in replies) == {401: 4, 429: 8}


def test_a_one_time_password_must_be_changed_first(service: Service) -> None:
    """Until a password of their own is set, every page leads to the form that sets it."""
    add_officer(service, "o1", one_time=True)
    sign_in(service)
    sent_on = service.client.get("/console/alerts")
    token = form_token(service.client.get("/console/password"))
    differ = {"form_token": token, "old": PASSWORD, "new": OWN, "again": OWN + "x"}
    refused = service.client.post("/console/password", data=differ)
    changed = service.client.post("/console/password", data={**differ, "again": OWN})
    again = sign_in(service, password=OWN)

    assert sent_on.headers["location"] == "/console/password"
    assert (refused.status_code, "两次输入的新密码不一致" in refused.text) == (422, True)
    assert changed.headers["location"] == "/console/login?notice=changed"
    assert again.headers["location"] == "/console/alerts"
    assert service.client.get("/console/alerts").status_code == 200


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


@pytest.mark.parametrize("path", ["/console/alerts/none", "/console/nothing", "/console/static/none.css"])
def test_what_is_not_there_is_a_page(at_desk: Service, path: str) -> None:
    """An absent page is 404, as a page."""
    reply = at_desk.client.get(path)

    assert reply.status_code == 404
    assert "页面不存在" in reply.text


def test_signing_out_ends_the_session(at_desk: Service) -> None:
    """After signing out the pages are closed."""
    token = form_token(at_desk.client.get("/console/alerts"))
    reply = at_desk.client.post("/console/logout", data={"form_token": token})

    assert reply.headers["location"] == "/console/login"
    assert at_desk.client.get("/console/alerts").status_code == 303


def test_the_language_is_kept(at_desk: Service) -> None:
    """?lang=en switches to English and stays."""
    at_desk.client.get("/console/alerts?lang=en")
    page = at_desk.client.get("/console/alerts/T/2").text

    assert '<html lang="en">' in page
    assert "Why it was flagged" in page
    assert "The amount is above" in page
    assert not re.search(r"[\u4e00-\u9fff]", page.replace("中文", ""))


@pytest.mark.parametrize("path", ["/console/alerts", "/console/login", "/console/nothing"])
def test_pages_carry_the_headers(at_desk: Service, path: str) -> None:
    """Every page has a strict policy, may not be framed and is not stored."""
    headers = at_desk.client.get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_pages_need_no_script_or_inline_style(at_desk: Service) -> None:
    """No page carries a script, an inline style or an event attribute; the style sheet is small."""
    pages = [at_desk.client.get(path).text for path in ("/console/alerts", "/console/alerts/T/2", "/console/login")]
    style = at_desk.client.get("/console/static/console.css")

    assert not any(re.search(r"<script|<style| style=| on\w+=", page) for page in pages)
    assert len(style.content) <= 30_000
    assert "immutable" in style.headers["cache-control"]


def test_names_are_escaped(at_desk: Service) -> None:
    """What a caller sent is text on the page, never markup."""
    at_desk.scorer.fixed = 0.95
    at_desk.assess(body_of("<b>T9</b>", remittance_info="<script>x</script>"))

    page = at_desk.client.get("/console/alerts/" + quote("<b>T9</b>")).text

    assert "<b>T9" not in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_demo_says_so(tmp_path: Any) -> None:  # noqa: ANN401
    """In the demo every page carries the ribbon; without the console there are no pages."""
    with running(make_settings(tmp_path, demo=True)) as service:
        ribbon = service.client.get("/console/login").text
    with running(make_settings(tmp_path, console=False)) as service:
        absent = service.client.get("/console/login")

    assert gettext("zh", "模拟数据：人物与账户均为虚构") in ribbon
    assert absent.status_code == 404
