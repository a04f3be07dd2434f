"""UPS02: secret keys of third parties in what everybody is sent."""

from collections.abc import Callable, Mapping

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from apiward.core.verdict import Confidence
from apiward.scan.checks.third_parties.shown_keys import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Case, Pair, SmallApi

# Each in two parts, so that no tool takes this file for a leak; none is anybody's.
LIVE = "sk_" + "live_9fQm2LrT7xKc4NbZ8wYd3HsF"
TRIAL = "sk_" + "test_9fQm2LrT7xKc4NbZ8wYd3HsF"
SLACK = "xoxb-" + "204859671123-9fQm2LrT7xKc4NbZ8wYd3HsF"
FOR_PAGES = "pk_" + "live_9fQm2LrT7xKc4NbZ8wYd3HsF"
MADE_UP = "sk_" + "live_xxxxxxxxxxxxxxxxxxxxxxxx"
PEM = "-----BEGIN " + "PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj" + "\n"
PAGE = '<!doctype html><script src="/app.js"></script><script src="https://elsewhere.test/x.js"></script>'


def website(files: Mapping[str, str], *, home: str = PAGE) -> Callable[[], Pair]:
    """Return a maker of an API with a website beside it."""

    def make() -> Pair:
        api = SmallApi()
        api.route("GET", "/news", lambda _: [{"id": 1}], secured=False)
        app, document = api.pair()
        for path, text in {"/": home, **files}.items():
            app.router.routes.append(Route(path, _server(text)))  # type: ignore[attr-defined]
        return app, document

    return make


def _server(text: str) -> Callable[[Request], Response]:
    return lambda _: Response(text, media_type="text/html" if text.startswith("<") else "text/javascript")


TRIGGERS: tuple[Case, ...] = (
    ("in a program", website({"/app.js": f'const k="{LIVE}";'})),
    ("in the page", website({}, home=f"<html><script>pay('{LIVE}')</script></html>")),
    (
        "in a source map",
        website({"/app.js": "x()\n//# sourceMappingURL=app.js.map", "/app.js.map": f'{{"a":"{SLACK}"}}'}),
    ),
    ("a private key", website({"/app.js": f"`{PEM}`"})),
    ("a key for tests", website({"/app.js": f'const k="{TRIAL}";'})),
)
SILENT: tuple[Case, ...] = (
    ("a key for pages", website({"/app.js": f'const k="{FOR_PAGES}";'})),
    ("a stand-in", website({"/app.js": f'const k="{MADE_UP}";'})),
    ("inside of a longer word", website({"/app.js": f'const k="task_{LIVE}";'})),
    ("a program of somebody else", website({"/app.js": "x()"})),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_keys_that_everybody_is_sent(case: Case) -> None:
    assert broken_at(case[1], CHECK) == {"the whole API"}


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_there_are_none(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


def test_keys_for_tests_are_only_likely() -> None:
    for key, confidence in ((LIVE, Confidence.PROVED), (TRIAL, Confidence.LIKELY)):
        app, description = website({"/app.js": key})()
        assert [f.confidence for f in scan_app(app, description, [CHECK]).report.findings] == [confidence]


def test_the_report_does_not_repeat_the_key() -> None:
    app, description = website({"/app.js": f'const k="{LIVE}";'})()
    (finding,) = scan_app(app, description, [CHECK]).report.findings
    assert LIVE not in finding.saw
    assert LIVE not in finding.evidence.attack.text


def test_a_host_without_pages_is_not_judged() -> None:
    api = SmallApi(has_accounts=False)
    api.route("GET", "/news", lambda _: [{"id": 1}], secured=False)
    assert not looked_at(api.pair, CHECK)
