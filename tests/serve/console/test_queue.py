"""The queue, as a shift sees it."""

import re

from fraudguard.serve.rights import Role
from tests.serve.console.walking import add_officer, case_of, form_token, post, sign_in
from tests.serve.fakes import Service, body_of


def send(service: Service, path: str, **fields: object) -> object:
    """Send a form of the queue."""
    token = form_token(service.client.get("/console/queue"))
    return service.client.post(f"/console/queue{path}", data={"form_token": token, **fields})


def test_the_gravest_comes_first(at_desk: Service) -> None:
    """Cases come by tier, with savable yuan, time left and accounts masked."""
    page = at_desk.client.get("/console/queue").text

    assert page.index(case_of(at_desk, "T/2")) < page.index(case_of(at_desk, "T/1"))
    assert "49,800" in page
    assert "47,310" in page
    assert "剩 5:00" in page
    assert "6217****1004" in page
    assert "6217000012341004" not in page


def test_a_filter_is_an_address(at_desk: Service) -> None:
    """Each filter shows what it says; an empty one says so and offers to clear it; odd values are no error."""
    urgent, medium = case_of(at_desk, "T/2"), case_of(at_desk, "T/1")

    def shown(query: str) -> tuple[bool, bool]:
        page = at_desk.client.get(f"/console/queue?{query}").text
        return urgent in page, medium in page

    assert shown("tier=urgent") == (True, False)
    assert shown("mine=1") == (False, False)
    assert shown("channel=web") == (True, True)
    assert shown("least=50000") == (False, False)
    assert shown("q=1004") == (True, True)
    assert shown("q=%25") == (False, False)
    assert shown("state=closed") == (False, False)
    assert "没有符合筛选的案件" in at_desk.client.get("/console/queue?tier=low").text
    assert at_desk.client.get("/console/queue?tier=none&page=x&least=x&state=%00").status_code == 200


def test_an_empty_desk_says_so(service: Service) -> None:
    """Without alerts the list says that nothing waits, and nothing can be claimed."""
    add_officer(service, "o1")
    sign_in(service)
    page = service.client.get("/console/queue")
    led = send(service, "/next")

    assert "当前没有待处置案件" in page.text
    assert "当前没有可领取的案件" in service.client.get(led.headers["location"]).text  # type: ignore[attr-defined]


def test_claim_next_gives_the_gravest(at_desk: Service) -> None:
    """The next case is the first of the queue; asking again while an urgent one is in hand leads to it."""
    urgent = f"/console/cases/{case_of(at_desk, 'T/2')}"

    assert [send(at_desk, "/next").headers["location"] for _ in range(2)] == [urgent, urgent]  # type: ignore[attr-defined]
    assert "由我处置" in at_desk.client.get(urgent).text


def test_clocks_run_out(at_desk: Service) -> None:
    """After five minutes an urgent case is overdue, counted, and says so in words."""
    at_desk.clock.advance(minutes=6)
    page = at_desk.client.get("/console/queue?state=overdue").text

    assert "超时 1:00" in page
    assert re.search(r'class="late">1</strong>', page)


def test_a_view_is_kept_and_forgotten(at_desk: Service) -> None:
    """An officer names a filter; it stands among the views until they remove it; another does not see it."""
    send(at_desk, "/views", name="夜班", query="tier=urgent&page=3&foo=1")
    mine = at_desk.client.get("/console/queue?tier=urgent").text
    nameless = send(at_desk, "/views", name=" ", query="")
    send(at_desk, "/views/forget", name="夜班")
    gone = at_desk.client.get("/console/queue").text

    assert re.search(r'href="/console/queue\?tier=urgent" aria-current="page">夜班', mine)
    assert nameless.status_code == 422  # type: ignore[attr-defined]
    assert "夜班" not in gone


def test_news_are_told_and_keep_no_session(at_desk: Service) -> None:
    """A script asks what is new; the answer is a part of a page, and asking alone does not keep anybody signed in."""
    partial = {"HX-Request-Type": "partial"}
    since = re.search(r"since=(\d+)", at_desk.client.get("/console/queue").text)
    assert since is not None
    path = f"/console/queue/news?since={since.group(1)}"
    none = at_desk.client.get(path, headers=partial)
    at_desk.clock.advance(minutes=8)
    at_desk.assess(body_of("T/4"))
    some = at_desk.client.get(path, headers=partial)
    at_desk.clock.advance(minutes=8)
    ended = at_desk.client.get(path, headers=partial)

    assert none.text.strip() == ""
    assert ("有 1 起新预警" in some.text, "<html" in some.text) == (True, False)
    assert (ended.status_code, "登录已过期" in ended.text) == (401, True)


def test_a_lead_assigns_many(at_desk: Service) -> None:
    """Of the chosen cases each says what became of it: given, or held by somebody else. Nobody else may assign."""
    held, free = case_of(at_desk, "T/2"), case_of(at_desk, "T/1")
    post(at_desk, held, "claim")
    refused = send(at_desk, "/assign", case_id=[held], to="o1")
    add_officer(at_desk, "o2")
    add_officer(at_desk, "s1", Role.SUPERVISOR)
    sign_in(at_desk, "s1")
    done = send(at_desk, "/assign", case_id=[held, free], to="o2")
    nobody = send(at_desk, "/assign", case_id=[free], to="s1")
    none = send(at_desk, "/assign", to="o2")
    text = done.text  # type: ignore[attr-defined]

    assert refused.status_code == 403  # type: ignore[attr-defined]
    assert "未分派：正由 o1 处置" in text
    assert text.count("已分派") == 1
    assert at_desk.store.cases.get(free).holder == "o2"
    assert {nobody.status_code, none.status_code} == {422}  # type: ignore[attr-defined]


def test_an_officer_holds_three(at_desk: Service) -> None:
    """A fourth case is refused, with links to the three in hand."""
    at_desk.scorer.fixed = 0.6
    for number in range(5):
        at_desk.assess(body_of(f"M{number}", payee={"account_id": f"payee-{number}"}))
    replies = [post(at_desk, case_of(at_desk, f"M{number}"), "claim") for number in range(4)]

    assert [reply.status_code for reply in replies] == [303, 303, 303, 409]
    assert "手上的案件已满" in replies[-1].text
    assert case_of(at_desk, "M0") in replies[-1].text


def test_the_keys_are_told(at_desk: Service) -> None:
    """There is a page of what each key does."""
    assert "领取下一起" in at_desk.client.get("/console/keys").text
