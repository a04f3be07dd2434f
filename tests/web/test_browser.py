"""The pages in Debian's Chromium, through Playwright: at two widths, light and dark, with and without scripts.

Needs `pip install playwright` and Debian's package chromium; for the rules of accessibility also the file of
`npm pack axe-core`, named as APIWARD_AXE=…/axe.min.js. APIWARD_SHOTS=FOLDER keeps a picture of each page.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from apiward.app.page.links import links_of
from apiward.core.incident import IncidentState
from tests.web.made import Browser, Shop, filled, served, shop, with_inventory
from tests.web.test_application import addresses

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright")
CHROMIUM: Final = shutil.which("chromium")
AXE: Final = os.environ.get("APIWARD_AXE", "")
SHOTS: Final = os.environ.get("APIWARD_SHOTS", "")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's package chromium is not installed")


class Visit:
    """A browser with a session at a shop's page, and what it has complained of."""

    def __init__(self, chromium: Any, one: Shop, origin: str) -> None:  # noqa: ANN401 - Playwright may be missing
        self.chromium, self.shop, self.origin = chromium, one, origin
        self.complaints: list[str] = []
        first = chromium.new_context()
        page = first.new_page()
        page.goto(f"{origin}/open/{links_of(one.source.place.data, one.source.clock).make()}")
        page.wait_for_url("**/today")
        self.state = first.storage_state()
        first.close()

    @contextmanager
    def at(self, width: int, *, scheme: str = "light", scripts: bool = True) -> Iterator[Any]:
        """Give a page of that width."""
        context = self.chromium.new_context(
            storage_state=self.state,
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=scripts,
        )
        page = context.new_page()
        page.on(
            "console", lambda told: self.complaints.append(told.text) if told.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: self._note(asked.url))
        try:
            yield page
        finally:
            context.close()

    def _note(self, url: str) -> None:
        if not url.startswith(f"{self.origin}/"):
            self.complaints.append(f"asked for {url}")


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visit, list[str], str]]:
    """Give a browser, the addresses of all pages, and the worst incident."""
    with shop(tmp_path_factory.mktemp("shop")) as one, playwright.sync_playwright() as tool:
        incident = filled(one)
        with_inventory(one)
        paths = [*addresses(Browser(one), incident), "/risks?kind=accepted", "/traffic?kind=would-be"]
        paths += ["/inventory?kind=odd", "/search?q=clients", "/search?q=nothing"]
        with served(one) as origin:
            chromium = tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            try:
                yield Visit(chromium, one, origin), paths, incident
            finally:
                chromium.close()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(320, "dark"), (1280, "light"), *([(320, "light"), (1280, "dark")] if AXE or SHOTS else [])],
)
def test_every_page_is_quiet_fits_and_can_be_read_by_all(
    visit: tuple[Visit, list[str], str], width: int, scheme: str
) -> None:
    browser, paths, _ = visit
    with browser.at(width, scheme=scheme) as page:
        for path in paths:
            assert page.goto(browser.origin + path).status == 200
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            small = page.evaluate(
                "[...document.querySelectorAll('button, .button, nav a, select, input:not([type=hidden])')]"
                ".filter(one => one.type !== 'checkbox' && one.getBoundingClientRect().height < 43.5)"
                ".map(one => one.outerHTML)"
            )
            assert small == [], path
            if SHOTS:
                name = path.strip("/").replace("/", "-").replace("?", "-")
                page.screenshot(path=Path(SHOTS) / f"{name}-{width}-{scheme}.png", full_page=True)
            if AXE:
                page.evaluate(Path(AXE).read_text("utf-8"))
                found = page.evaluate("axe.run()")["violations"]
                assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == [], path
    assert browser.complaints == []


def test_without_scripts_an_attacker_is_stopped_in_two_clicks_from_today(visit: tuple[Visit, list[str], str]) -> None:
    browser, _, incident = visit
    with browser.at(320, scripts=False) as page:
        page.goto(f"{browser.origin}/today")
        page.get_by_role("link", name="Look at it and hold it off").click()
        assert page.url.endswith(f"/incidents/{incident}")
        page.get_by_role("button", name="Hold it off").click()
        assert page.get_by_role("heading", name="Held off now").is_visible()
        page.get_by_role("button", name="Let in again").click()
        assert page.get_by_role("status").inner_text() == (
            "It is kept that all are let in again, but the guard does not say so yet."  # none runs
        )
    assert browser.complaints == []


def test_with_the_keyboard_alone_a_risk_is_accepted(visit: tuple[Visit, list[str], str]) -> None:
    browser, paths, _ = visit
    path = next(one for one in paths if one.startswith("/risks/"))
    with browser.at(1280) as page:
        page.goto(browser.origin + path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "reason":
                break
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.type("It is a copy without customers")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**?done=accepted")
        assert "It is a copy without customers" in page.content()
        page.get_by_role("button", name="Let it count again").press("Enter")
        page.wait_for_url("**?done=counted")
    assert browser.complaints == []


def test_the_worst_problem_and_whom_to_send_what_need_no_click(visit: tuple[Visit, list[str], str]) -> None:
    browser, _, incident = visit
    desk = browser.shop.source.incident_desk()
    for one in desk.listed():
        if one.state is not IncidentState.CLOSED:
            desk.close(one.id, "over")
    with browser.at(320, scripts=False) as page:
        page.goto(f"{browser.origin}/today")
        text = page.content()
        assert all(words in text for words in ("Your next step", "Your developer", "Text to send", "Hello"))
        page.get_by_role("link", name="See the proof and all details").click()
        assert page.get_by_role("heading", name="The proof").is_visible()
    assert incident not in page.url


def test_without_scripts_and_with_the_keyboard_something_is_found_and_taken_along(
    visit: tuple[Visit, list[str], str],
) -> None:
    browser, _, _ = visit
    with browser.at(320, scripts=False) as page:
        page.goto(f"{browser.origin}/today")
        page.get_by_role("link", name="Search").press("Enter")
        page.get_by_label("What you look for").fill("v2 clients")
        page.keyboard.press("Enter")
        assert page.get_by_role("status").inner_text() == "1 thing was found."
        page.get_by_role("link", name="GET /v2/clients/{id}").press("Enter")
        assert page.get_by_text("may not, but was let in").is_visible()
        with page.expect_download() as saved:
            page.get_by_role("link", name="This list as a table (CSV)").press("Enter")
        assert saved.value.suggested_filename == "apiward-inventory-2026-11-30.csv"
        rows = Path(saved.value.path()).read_text("utf-8-sig").splitlines()
        assert [row.partition(",")[0] for row in rows] == ["Operation", "GET /v2/clients/{id}"]
        page.get_by_role("link", name="Reports", exact=True).press("Enter")
        page.get_by_role("link", name="Open: A page to show to others").press("Enter")
        assert page.get_by_text("It names no weakness.").is_visible()
    assert browser.complaints == []
