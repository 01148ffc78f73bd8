"""A person before a screen: a browser of their own, and everything that went wrong in it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, BrowserContext, Page

from tests.serve.console.walking import PASSWORD

__all__ = ["LAPTOP", "PHONE", "Screen", "before_screen", "keep"]

KEEP: Final = os.environ.get("FRAUDGUARD_SCREENSHOTS")  # noqa: TID251  # a switch of the tests
"""A folder for pictures of every page, to be looked at."""

LAPTOP: Final = (1366, 768)
PHONE: Final = (390, 844)
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE: Final = AXE_FILE_PATH.read_text("utf-8")


class Screen:
    """One page of a browser on the desk.

    Parameters
    ----------
    context : BrowserContext
        A browser without history.
    address : str
        Where the desk is.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.faults: list[str] = []
        self.status = 0
        self._host = urlsplit(address).netloc
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", lambda request: self._require_ours(request.url))

    def open(self, path: str, *, lang: str = "zh", style: str = "light") -> Page:
        """Open a page of the desk."""
        mark = "&" if "?" in path else "?"
        reply = self.page.goto(f"{self.address}{path}{mark}lang={lang}&style={style}")
        self.status = 0 if reply is None else reply.status
        return self.page

    def sign_in(self, name: str = "o1") -> None:
        """Sign in through the form."""
        page = self.open("/console/login")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/console/**")

    def axe(self) -> list[str]:
        """Return what the accessibility rules find on the page, each with its place."""
        self.page.evaluate(_AXE)
        found: dict[str, Any] = self.page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES
        )
        return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the screen."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return wide

    def _note(self, kind: str, text: str) -> None:
        # A page that tells of a refusal has its status; the browser calls that an error too.
        if kind in {"error", "warning"} and "Failed to load resource: the server responded with a status" not in text:
            self.faults.append(f"{kind}: {text}")

    def _require_ours(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self._host:
            self.faults.append(f"asked {url}")


def keep(screen: Screen, name: str) -> None:
    """Keep a picture when somebody wants to look."""
    if KEEP:
        screen.page.screenshot(path=Path(KEEP) / f"{name}.png", full_page=True)


@contextmanager
def before_screen(
    browser: Browser, address: str, *, size: tuple[int, int] = LAPTOP, scripts: bool = True
) -> Iterator[Screen]:
    """Give somebody a screen, and take it away again."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, reduced_motion="reduce"
    )
    yield Screen(context, address)
    context.close()
