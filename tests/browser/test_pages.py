"""Every page, in both languages: no broken rule, no request to elsewhere, readable by everybody."""

import pytest
from playwright.sync_api import Browser

from tests.browser.desk import Desk
from tests.browser.screen import LAPTOP, PHONE, Screen, before_screen, keep

PAGES = {
    "login": ("", "/console/login"),
    "queue": ("o1", "/console/queue"),
    "queue-lead": ("s1", "/console/queue"),
    "nothing": ("o1", "/console/queue?state=closed"),
    "case": ("o1", "/console/cases/260105-5"),
    "case-held": ("o2", "/console/cases/260105-3"),
    "sheet": ("o1", "/console/cases/260105-1/sheet"),
    "keys": ("o1", "/console/keys"),
    "account": ("o1", "/console/password"),
    "factor": ("a1", "/console/second-factor"),
    "trail": ("s1", "/console/trail"),
    "refused": ("o1", "/console/trail"),
    "absent": ("o1", "/console/cases/none"),
}


def faults_of(screen: Screen, path: str, *, lang: str, style: str) -> list[str]:
    """Return what is wrong with a page, after all that was wrong on the way to it."""
    screen.open(path, lang=lang, style=style)
    wide = [f"too wide by {screen.overflow()}"] if screen.overflow() > 0 else []
    failed = ["the service failed"] if screen.status >= 500 else []
    return [*failed, *screen.faults, *screen.axe(), *wide]


@pytest.mark.parametrize(("style", "size"), [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_sound(browser: Browser, desk: Desk, lang: str, style: str, size: tuple[int, int]) -> None:
    """On a laptop and on a phone no page has a fault, breaks a rule of accessibility, or is wider than the screen."""
    found: dict[str, list[str]] = {}
    for name, (officer, path) in PAGES.items():
        with before_screen(browser, desk.address, size=size) as screen:
            if officer:
                screen.sign_in(officer)
            found[name] = faults_of(screen, path, lang=lang, style=style)
            keep(screen, f"{name}.{size[0]}.{lang}.{style}")

    assert {name: faults for name, faults in found.items() if faults} == {}
