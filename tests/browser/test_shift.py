"""A shift at the desk: by keyboard, against a colleague, with a lost network, and without scripts."""

from playwright.sync_api import Browser, expect

from tests.browser.desk import Desk
from tests.browser.screen import Screen, before_screen, keep


def test_a_case_is_claimed_and_ended_by_keyboard(desk: Desk, screen: Screen) -> None:
    """N claims the gravest case, 5 opens the finding, and it is recorded without a mouse."""
    page = screen.open("/console/queue")
    page.keyboard.press("n")
    page.wait_for_url("**/console/cases/*")
    case_id = page.url.rsplit("/", 1)[1].partition("?")[0]
    page.keyboard.press("5")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/console/queue?notice=closed")

    assert desk.service.store.cases.get(case_id).state == "closed"
    assert screen.faults == []


def test_rows_are_walked_by_keys(screen: Screen) -> None:
    """Keys j and k move, Enter opens, u leads back, ? tells the keys, and a key typed into a field is a letter."""
    page = screen.open("/console/queue")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr.here")).to_have_count(1)
    first = page.locator("tbody tr").first.get_attribute("class")
    page.keyboard.press("/")
    page.keyboard.type("jnx")
    typed = page.input_value("#q")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_url("**/console/keys")
    page.uncheck("[data-single-keys]")
    page.goto(f"{screen.address}/console/queue")
    page.keyboard.press("n")

    assert (first, typed) == ("here", "jnx")
    assert page.url.endswith("/console/queue")
    assert screen.faults == []


def test_who_comes_second_is_told_over_the_list(browser: Browser, desk: Desk, screen: Screen) -> None:
    """Two officers see the same case; the second one reads who has it, and the list stays where it was."""
    page = screen.open("/console/queue")
    with before_screen(browser, desk.address) as other:
        other.sign_in("o2")
        theirs = other.open("/console/queue")
        theirs.locator("[data-row-key=c]").first.click()
        theirs.wait_for_url("**/console/cases/*")
        page.locator("[data-row-key=c]").first.click()
        panel = page.locator("#over dialog")
        expect(panel).to_contain_text("该案件已被他人领取")
        expect(panel).to_contain_text("o2")
        problems = [*screen.axe(), *other.faults]
        panel.get_by_role("button", name="知道了").click()
        expect(panel).not_to_be_visible()

    assert page.url.startswith(f"{desk.address}/console/queue")
    assert problems == []
    assert screen.faults == []


def test_a_lost_network_says_so_and_sends_nothing(screen: Screen) -> None:
    """While the network is gone the head says so, and a form stays as it is."""
    page = screen.open("/console/queue")
    page.context.set_offline(offline=True)
    expect(page.locator("#live")).to_contain_text("网络中断")
    page.get_by_role("button", name="领取下一起").click()
    page.context.set_offline(offline=False)
    expect(page.locator("#live")).to_contain_text("每 15 秒刷新")

    assert page.url.startswith(f"{screen.address}/console/queue")


def test_a_case_is_worked_without_scripts(browser: Browser, desk: Desk) -> None:
    """Claim, note and finding are plain forms."""
    with before_screen(browser, desk.address, scripts=False) as screen:
        screen.sign_in()
        page = screen.open("/console/queue")
        page.get_by_role("button", name="领取下一起").click()
        page.locator("summary", has_text="备注").click()
        page.fill("#case-note", "已通话")
        page.get_by_role("button", name="保存").click()
        expect(page.locator("#log")).to_contain_text("已通话")
        page.locator("summary", has_text="记录结论").click()
        page.locator("input[value=genuine]").check()
        page.get_by_role("button", name="提交，案件办结").click()
        expect(page.locator("main")).to_contain_text("结论已记录")

        assert screen.faults == []


def test_a_case_prints_on_two_sheets_at_most(screen: Screen) -> None:
    """The sheet fits A4, and leaves the head and the buttons away."""
    page = screen.open("/console/cases/260105-1/sheet")
    printed = page.pdf(format="A4")
    page.emulate_media(media="print")

    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") <= 2
    assert not page.locator("header").is_visible()
    assert not page.locator("[data-print]").is_visible()


def test_a_payer_is_spoken_to_and_a_stop_drafted_by_keyboard(desk: Desk, screen: Screen) -> None:
    """1 opens the script, a the attempt, 2 the draft; both are recorded, and the page stays sound in that state."""
    page = screen.open("/console/queue")
    page.keyboard.press("n")
    page.wait_for_url("**/console/cases/*")
    case_id = page.url.rsplit("/", 1)[1].partition("?")[0]
    page.keyboard.press("a")
    page.select_option("#reached", "answered")
    page.select_option("#attitude", "denies")
    page.locator("#attempt-note").press("Control+Enter")
    expect(page.locator("#log")).to_contain_text("接通 · 不信")
    page.keyboard.press("2")
    page.fill("#stop-bank", "102100099996")
    page.get_by_label("户名已另行核对一致").check()
    page.fill("#stop-basis", "本人报警")
    page.locator("#stop-basis").press("Control+Enter")
    expect(page.locator("#stop")).to_contain_text("撤回草稿")
    keep(screen, "stop-drafted")

    assert desk.service.store.cases.get(case_id).state == "stop_drafted"
    assert [*screen.faults, *screen.axe()] == []
