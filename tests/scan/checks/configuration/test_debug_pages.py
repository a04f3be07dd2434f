import json
from collections.abc import Callable
from functools import partial

import pytest

from apiward.scan.checks.configuration.debug_pages import CHECK
from apiward.scan.proofs.console_kinds import CONSOLES
from tests.scan.checks.configuration.places import PAGE, serving
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.small_api import Case, Pair

PROMETHEUS = "# HELP requests_total All\n# TYPE requests_total counter\nrequests_total 7\n"
DJANGO = (
    "<html><body>Using the URLconf … You're seeing this error because you have <code>DEBUG = True</code></body></html>"
)
PAGES: dict[str, str] = {
    "/console": "<html><title>Console // Werkzeug Debugger</title>Interactive Console</html>",
    "/actuator": json.dumps({"_links": {"self": {}, "health": {}, "env": {}, "env-toMatch": {}}}),
    "/actuator/env": json.dumps({"activeProfiles": [], "propertySources": []}),
    "/jolokia": json.dumps({"request": {}, "value": {"agent": "1.7", "protocol": "7.2"}}),
    "/_ignition/health-check": json.dumps({"can_execute_commands": True}),
    "/h2-console/": "<html><title>H2 Console</title></html>",
    "/_profiler/": "<html><title>Symfony Profiler</title></html>",
    "/telescope": '<html><link href="/vendor/telescope/favicon.ico"><title>Telescope - Shop</title></html>',
    "/horizon": '<html><title>Horizon - Shop</title><div id="horizon"></div></html>',
    "/sidekiq": "<html><title>Sidekiq</title></html>",
    "/hangfire": "<html><title>Overview - Hangfire Dashboard</title></html>",
    "/phpinfo.php": "<html><title>PHP 8.3 - phpinfo()</title></html>",
    "/rails/info/properties": "<html>Rails version 7.1 Ruby version 3 Middleware</html>",
    "/elmah.axd": "<html><title>Error log for /</title>Powered by ELMAH</html>",
    "/trace.axd": "<html><title>Application Trace</title>Requests to this Application</html>",
    "/debug/pprof/": "<html>/debug/pprof/ Types of profiles available: goroutine heap</html>",
    "/debug/vars": json.dumps({"cmdline": ["a"], "memstats": {"Alloc": 1}}),
    "/server-status": "<html><h1>Apache Server Status for shop.test</h1></html>",
    "/nginx_status": "Active connections: 1\nserver accepts handled requests\n 1 1 1\n",
    "/metrics": PROMETHEUS,
}
JSON_FIGURES = json.dumps({"uptime": 7, "memory": {"rss": 1, "heapUsed": 2}, "cpu": 0.1})
TRIGGERS: tuple[Case, ...] = (
    *((path, partial(serving, {path: PAGES[path]})) for path in ("/console", "/actuator", "/metrics")),
    ("/metrics as JSON", partial(serving, {"/metrics": JSON_FIGURES})),
    ("Django's page for nothing", partial(serving, {}, missing=DJANGO)),
    ("Django's page for nothing, as it is now", partial(serving, {}, missing=DJANGO.replace("'", "\u2019"))),
)
SILENT: tuple[Case, ...] = (
    ("nothing there", partial(serving, {})),
    ("one page for all", partial(serving, {}, missing=PAGE)),
    ("figures for all", partial(serving, {}, missing=PROMETHEUS)),
    ("pages under the names", partial(serving, dict.fromkeys(PAGES, PAGE))),
    ("JSON under the names", partial(serving, dict.fromkeys(PAGES, '{"status": "ok", "uptime": 12}'))),
    ("health alone", partial(serving, {"/actuator": '{"_links": {"self": {}, "health": {}, "health-path": {}}}'})),
    ("a shop for consoles", partial(serving, {"/console": "<html><title>Consoles</title>Buy one</html>"})),
    ("a shop for telescopes", partial(serving, {"/telescope": "<html><title>Telescope X - Shop</title></html>"})),
    ("about the name", partial(serving, {}, missing=lambda path: f"<html><title>Sidekiq {path}</title></html>")),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    place = f"GET {name.partition(' ')[0]}" if name.startswith("/") else "the whole API"
    assert broken_at(make, CHECK) == {place}


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_without_a_clear_answer_it_is_unsure() -> None:
    assert not looked_at(partial(serving, {}, status=503), CHECK)


@pytest.mark.parametrize("path", PAGES)
def test_each_is_known_by_its_content(path: str) -> None:
    (one,) = (one for one in CONSOLES if path in one.paths)
    assert one.is_it(PAGES[path])
    for other in (PAGE, "", "{}", '{"status": "ok", "uptime": 12}'):
        assert not one.is_it(other)
