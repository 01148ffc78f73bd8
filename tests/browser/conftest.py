"""A browser, and a desk on a port of its own."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from fraudguard.serve.rights import Role
from tests.browser.desk import Desk, make_desk
from tests.browser.screen import Screen, before_screen
from tests.serve.console.walking import add_officer

_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Give Debian's own browser, without a screen, to one test: while it is there an event loop runs, and no other test could run one."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        if os.environ.get("CI") == "true":  # noqa: TID251  # a switch of the tests
            pytest.fail("CI looks at the pages in a browser: apt-get install chromium")
        pytest.skip("there is no browser: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield started
        started.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a desk with work on it, which answers on a loopback port."""
    with make_desk(tmp_path) as made:
        for name, role in (("o1", Role.OFFICER), ("o2", Role.OFFICER), ("s1", Role.SUPERVISOR), ("a1", Role.APPROVER)):
            add_officer(made.service, name, role)
        made.claim("o2", "QZ-0105-0002")
        yield made


@pytest.fixture
def screen(browser: Browser, desk: Desk) -> Iterator[Screen]:
    """Give an officer who has signed in."""
    with before_screen(browser, desk.address) as given:
        given.sign_in()
        yield given
