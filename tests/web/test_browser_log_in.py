"""Getting in from elsewhere, over TLS, in Debian's Chromium: at two widths, with and without scripts.

The names that end in .localhost lead to this computer, and are not its own: to the page they are elsewhere.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from apiward.core.one_time_codes import STEP_S, code_at
from apiward.core.person import Role
from tests.access.certifying import certificate, key_of
from tests.web.entering import PASSWORD, codes_in, invited, secret_in
from tests.web.made import Shop, filled, served, shop
from tests.web.test_browser import AXE, CHROMIUM, SHOTS

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's package chromium is not installed"),
]
NAME = "page.localhost"


def tls_files(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for the page and its key."""
    files = folder / "page.pem", folder / "page.key"
    files[0].write_bytes(certificate(NAME, use="server", san=NAME).public_bytes(Encoding.PEM))
    files[1].write_bytes(key_of(NAME).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Shop, str]]:
    """Give a browser, a shop, and where its page is for others."""
    folder = tmp_path_factory.mktemp("shop")
    with shop(folder) as one, playwright.sync_playwright() as tool:
        filled(one)
        with served(one, NAME, tls_files(folder)) as origin:
            chromium = tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            try:
                yield chromium, one, origin
            finally:
                chromium.close()


def look(page: Any, name: str, width: int) -> None:  # noqa: ANN401 - Playwright may be missing
    """Look whether a page fits and can be used by all."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    small = page.evaluate(
        "[...document.querySelectorAll('button, .button, input:not([type=hidden])')]"
        ".filter(one => one.getBoundingClientRect().height < 43.5 && one.offsetParent).map(one => one.outerHTML)"
    )
    assert small == [], name
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    if AXE:
        page.evaluate(Path(AXE).read_text("utf-8"))
        found = page.evaluate("axe.run()")["violations"]
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == [], name


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_an_owner_gets_in_sets_up_the_second_step_and_comes_again(
    elsewhere: tuple[Any, Shop, str], width: int, scheme: str
) -> None:
    chromium, one, origin = elsewhere
    name = f"anna{width}"
    path = invited(one, name, Role.OWNER)
    complaints: list[str] = []
    context = chromium.new_context(
        ignore_https_errors=True, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    page.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
    page.on("request", lambda asked: None if asked.url.startswith(f"{origin}/") else complaints.append(asked.url))
    try:
        page.goto(origin + path)
        look(page, "welcome", width)
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_label("The same once more").fill(PASSWORD)
        page.get_by_role("button", name="Take this password").click()
        page.get_by_role("link", name="Log in").click()
        look(page, "log-in", width)
        _log_in(page, name)
        assert page.url == f"{origin}/you/second-step"
        look(page, "set-up", width)
        secret = secret_in(page.content())
        page.get_by_label("Code that the app shows").fill(_code(one, secret))
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Turn it on").press("Enter")
        look(page, "codes", width)
        recovery = codes_in(page.content())[0]
        page.get_by_role("link", name="I have kept them").click()
        look(page, "you", width)
        page.goto(f"{origin}/today")
        page.get_by_role("button", name="Log out").click()
        page.goto(f"{origin}/log-in")
        _log_in(page, name)
        assert page.url == f"{origin}/second-step"
        look(page, "second-step", width)
        page.get_by_label("Code").fill(recovery)
        page.get_by_role("button", name="Go on").click()
        assert page.url == f"{origin}/today"
        cookies = {one["name"]: one for one in context.cookies()}
        assert set(cookies) == {"__Host-apiward", "__Host-apiward-known"}
        assert all(one["secure"] and one["httpOnly"] and one["sameSite"] == "Strict" for one in cookies.values())
    finally:
        context.close()
    assert complaints == []


def test_without_scripts_a_session_is_ended_from_another_browser(elsewhere: tuple[Any, Shop, str]) -> None:
    chromium, one, origin = elsewhere
    path = invited(one, "ben", Role.DEVELOPER)
    pages = []
    contexts = [chromium.new_context(ignore_https_errors=True, java_script_enabled=False) for _ in range(2)]
    try:
        for number, context in enumerate(contexts):
            page = context.new_page()
            pages.append(page)
            if not number:
                page.goto(origin + path)
                page.get_by_label("New password").fill(PASSWORD)
                page.get_by_label("The same once more").fill(PASSWORD)
                page.get_by_role("button", name="Take this password").click()
            page.goto(f"{origin}/log-in")
            _log_in(page, "ben")
            assert page.url == f"{origin}/today"
        pages[1].get_by_role("link", name="You", exact=True).click()
        pages[1].get_by_role("button", name="End it").click()
        assert pages[1].get_by_role("status").inner_text() == "That session has ended."
        assert pages[0].goto(f"{origin}/today").status == 401
        assert pages[0].get_by_role("button", name="Log in").is_visible()
    finally:
        for context in contexts:
            context.close()


def _log_in(page: Any, name: str) -> None:  # noqa: ANN401 - the same
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def _code(one: Shop, secret: bytes) -> str:
    """Return what the app shows; the page has the time of the shop."""
    return code_at(secret, int(one.now[0]) // STEP_S)
