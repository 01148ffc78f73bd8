"""What surrounds the work: the log-in, roles, the second factor, headers, languages, styles."""

import hashlib
import re
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fraudguard.serve.console.render import STATIC
from fraudguard.serve.console.translate import gettext
from fraudguard.serve.rights import Role
from fraudguard.serve.totp import STEP_S, code_at, spelled
from tests.serve.console.walking import OWN, PASSWORD, add_officer, case_of, desk_of, form_token, sign_in
from tests.serve.fakes import Service, make_settings, running


def test_nobody_sees_a_page_without_a_session(service: Service) -> None:
    """Without a session every page leads to the log-in, and back after it."""
    reply = service.client.get("/console/cases/T1")

    assert (reply.status_code, reply.headers["location"]) == (303, "/console/login?next=/console/cases/T1")


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/console/cases/T1", "/console/cases/T1"),
        ("https://elsewhere.example/", "/console/"),
        ("//elsewhere.example/", "/console/"),
        ("/console/\\elsewhere", "/console/"),
        ("", "/console/"),
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
    assert all("用户名、密码或动态口令错误" in reply.text for reply in replies)
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
    sent_on = service.client.get("/console/queue")
    token = form_token(service.client.get("/console/password"))
    differ = {"form_token": token, "old": PASSWORD, "new": OWN, "again": OWN + "x"}
    refused = service.client.post("/console/password", data=differ)
    changed = service.client.post("/console/password", data={**differ, "again": OWN})
    again = sign_in(service, password=OWN)

    assert sent_on.headers["location"] == "/console/password"
    assert (refused.status_code, "两次输入的新密码不一致" in refused.text) == (422, True)
    assert changed.headers["location"] == "/console/login?notice=changed"
    assert again.headers["location"] == "/console/"
    assert service.client.get("/console/queue").status_code == 200


@pytest.mark.parametrize("path", ["/console/queue/none", "/console/nothing", "/console/static/none.css"])
def test_what_is_not_there_is_a_page(at_desk: Service, path: str) -> None:
    """An absent page is 404, as a page."""
    reply = at_desk.client.get(path)

    assert reply.status_code == 404
    assert "页面不存在" in reply.text


def test_signing_out_ends_the_session(at_desk: Service) -> None:
    """After signing out the pages are closed."""
    token = form_token(at_desk.client.get("/console/queue"))
    reply = at_desk.client.post("/console/logout", data={"form_token": token})

    assert reply.headers["location"] == "/console/login"
    assert at_desk.client.get("/console/queue").status_code == 303


def test_the_language_is_kept(at_desk: Service) -> None:
    """?lang=en switches to English and stays."""
    at_desk.client.get("/console/queue?lang=en")
    page = at_desk.client.get(f"/console/cases/{case_of(at_desk, 'T/2')}").text

    assert '<html lang="en">' in page
    assert "Why it was flagged" in page
    assert "The amount is above" in page
    assert not re.search(r"[\u4e00-\u9fff]", page.replace("中文", ""))


@pytest.mark.parametrize("path", ["/console/queue", "/console/login", "/console/nothing"])
def test_pages_carry_the_headers(at_desk: Service, path: str) -> None:
    """Every page has a strict policy, may not be framed and is not stored."""
    headers = at_desk.client.get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_pages_need_no_script_or_inline_style(at_desk: Service) -> None:
    """No page carries a script of its own, an inline style or an event attribute; what all pages load is small."""
    pages = [
        at_desk.client.get(path).text
        for path in ("/console/queue", f"/console/cases/{case_of(at_desk, 'T/2')}", "/console/login")
    ]
    style, script = (at_desk.client.get(f"/console/static/console.{kind}") for kind in ("css", "js"))

    assert not any(re.search(r"<script(?! src=)|<style| style=| on\w+=|hx-on|js:", page) for page in pages)
    assert (len(style.content) <= 30_000, len(script.content) <= 15_000) == (True, True)
    assert "immutable" in style.headers["cache-control"]


def test_the_demo_says_so(tmp_path: Any) -> None:  # noqa: ANN401
    """In the demo every page carries the ribbon; without the console there are no pages."""
    with running(make_settings(tmp_path, demo=True)) as service:
        ribbon = service.client.get("/console/login").text
    with running(make_settings(tmp_path, console=False)) as service:
        absent = service.client.get("/console/login")

    assert gettext("zh", "模拟数据：人物与账户均为虚构") in ribbon
    assert absent.status_code == 404


def test_what_others_wrote_is_what_they_published() -> None:
    """Each vendored file has the hash, the licence and the version that stand beside it, and none stands alone."""
    folder = STATIC / "vendor"
    listed = tomllib.loads((folder / "vendor.toml").read_text("utf-8"))["file"]

    assert {one["name"] for one in listed} == {path.name for path in folder.glob("*.js")}
    for one in listed:
        assert hashlib.sha256((folder / one["name"]).read_bytes()).hexdigest() == one["sha256"]
        assert (folder / one["licence_file"]).is_file()


def test_an_approver_sets_up_the_second_factor_first(service: Service) -> None:
    """Every page leads to the enrolment, with a picture and the text; a right code gives recovery codes once."""
    add_officer(service, "a1", Role.APPROVER)
    sign_in(service, "a1")
    led = service.client.get("/console/queue")
    shown = service.client.get("/console/second-factor")
    token = form_token(shown)
    wrong = service.client.post("/console/second-factor", data={"form_token": token, "code": "x"})
    secret = desk_of(service).second_factor.begin("a1")
    code = code_at(secret, int(service.clock.now().timestamp()) // STEP_S)
    right = service.client.post("/console/second-factor", data={"form_token": token, "code": code})

    assert led.headers["location"] == "/console/second-factor"
    assert "<svg" in shown.text
    assert spelled(secret) in shown.text
    assert (wrong.status_code, "动态口令不正确" in wrong.text) == (422, True)
    assert len(re.findall(r"<code>\w{5}-\w{5}</code>", right.text)) == 8
    assert service.client.get("/console/queue").status_code == 200
    assert "动态口令已经启用" in service.client.get("/console/second-factor").text


def test_a_refusal_stands_in_the_trail(service: Service) -> None:
    """Whoever asks for more than their role may is refused, and a supervisor reads of it; so does nobody else."""
    add_officer(service, "o1")
    sign_in(service)
    refused = service.client.get("/console/trail")
    add_officer(service, "s1", Role.SUPERVISOR)
    sign_in(service, "s1")
    page = service.client.get("/console/trail?officer=o1&act=refused")
    none = service.client.get("/console/trail?officer=nobody")

    assert (refused.status_code, "需要：督导、管理员" in refused.text) == (403, True)
    assert "/console/trail" in page.text
    assert "越权被拒" in page.text
    assert "没有符合筛选的记录" in none.text


def test_an_administrator_works_no_case(service: Service) -> None:
    """The administrator is led to the trail, and sees no queue."""
    add_officer(service, "m1", Role.ADMIN)
    sign_in(service, "m1")

    assert service.client.get("/console/").headers["location"] == "/console/trail"
    assert service.client.get("/console/queue").status_code == 403


def test_the_style_is_kept(at_desk: Service) -> None:
    """?style=dark is remembered; something else is not."""
    at_desk.client.get("/console/queue?style=dark")
    dark = at_desk.client.get("/console/queue").text
    odd = at_desk.client.get("/console/queue?style=pink").text

    assert 'data-style="dark"' in dark
    assert 'data-style="dark"' in odd


def test_staying_keeps_the_session(at_desk: Service) -> None:
    """A script may say that somebody still reads; without a session it is told so."""
    at_desk.clock.advance(minutes=14)
    stayed = at_desk.client.get("/console/stay")
    at_desk.clock.advance(minutes=14)

    assert stayed.status_code == 204
    assert at_desk.client.get("/console/queue").status_code == 200
