"""Pages for those who run or build a program, each told by its content: consoles, figures, profilers, descriptions."""

import re
from collections.abc import Callable
from typing import Final

from apiward.core.jsonvalue import Json, leaves, parse_json
from apiward.scan.proofs.open_places import Kind, kind

_TELLING: Final = frozenset(
    "env heapdump beans configprops mappings threaddump loggers httptrace httpexchanges metrics shutdown jolokia "
    "logfile sessions flyway liquibase".split()
)
"""What Spring's actuator opens only when told to; health and info are harmless."""
_FIGURES: Final = re.compile(
    r"uptime|memory|heap|cpu|requests?|latency|threads?|goroutines|connections|rss", re.IGNORECASE
)
_LEAST_FIGURES: Final = 4


def _has(*words: str) -> Callable[[str], bool]:
    """Return what is true of a text that holds all these words, whatever their case."""
    wanted = tuple(word.lower() for word in words)
    return lambda text: all(word in text.lower() for word in wanted)


def _titled(*titles: str) -> Callable[[str], bool]:
    form = re.compile(rf"<title>[^<]{{0,60}}(?:{'|'.join(map(re.escape, titles))})", re.IGNORECASE)
    return lambda text: form.search(text) is not None


def _of_laravel(name: str) -> Callable[[str], bool]:
    """Return what is true of a page that Laravel's package of that name draws: a title alone may be a shop's."""
    is_titled, marks = _titled(name), (f"vendor/{name}", f'id="{name}"', f"window.{name}")
    return lambda text: is_titled(text) and any(mark in text.lower() for mark in marks)


def _object(text: str) -> dict[str, Json]:
    body = parse_json(text.encode("latin-1"))
    return body if isinstance(body, dict) else {}


def _is_actuator(text: str) -> bool:
    links = _object(text).get("_links")
    return isinstance(links, dict) and bool(_TELLING & {name.partition("-")[0] for name in links})


def _is_environment(text: str) -> bool:
    body = _object(text)
    return isinstance(body.get("propertySources"), list) or {"systemProperties", "profiles"} <= body.keys()


def _is_figures(text: str) -> bool:
    """Whether a text gives the figures of a running program: in Prometheus' form, or as JSON of numbers."""
    if re.search(r"(?m)^# (?:TYPE|HELP) [A-Za-z_:][\w:]{0,200} ", text):
        return True
    figures = [
        pointer
        for pointer, value in leaves(_object(text))
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    return sum(bool(_FIGURES.search(" ".join(map(str, pointer)))) for pointer in figures) >= _LEAST_FIGURES


def _is_variables(text: str) -> bool:
    return {"memstats", "cmdline"} <= _object(text).keys()


def _runs_commands(text: str) -> bool:
    return "can_execute_commands" in _object(text)


def _is_agent(text: str) -> bool:
    value = _object(text).get("value")
    return isinstance(value, dict) and {"agent", "protocol"} <= value.keys()


CONSOLES: Final[tuple[Kind, ...]] = (
    kind("the console of the debugger (Werkzeug)", "/console", _has("werkzeug", "console", "debugger")),
    kind("the settings of the running program (Spring)", "/actuator/env", _is_environment),
    kind("the controls of the running program (Spring)", "/actuator", _is_actuator),
    kind("the controls of the running program (Jolokia)", "/jolokia", _is_agent),
    kind("the debugger of Laravel", "/_ignition/health-check", _runs_commands),
    kind("the console of the database (H2)", "/h2-console/", _titled("H2 Console")),
    kind("the profiler of Symfony", "/_profiler/", _titled("Symfony Profiler")),
    kind("what Laravel's Telescope records", "/telescope", _of_laravel("telescope")),
    kind("the queues of Laravel (Horizon)", "/horizon", _of_laravel("horizon")),
    kind("the background jobs (Sidekiq)", "/sidekiq", _titled("Sidekiq")),
    kind("the background jobs (Hangfire)", "/hangfire", _titled("Hangfire Dashboard")),
    kind("the background jobs (Bull)", "/admin/queues", _titled("Bull Dashboard")),
    kind("all about PHP and its settings", "/phpinfo.php /info.php", _titled("phpinfo()", "PHP Version")),
    kind("how Rails is set up", "/rails/info/properties", _has("rails version", "ruby version", "middleware")),
    kind("the errors of the program (ELMAH)", "/elmah.axd", _has("error log for", "elmah")),
    kind("the last requests (ASP.NET)", "/trace.axd", _has("application trace", "requests to this application")),
    kind("the profiler of Go", "/debug/pprof/", _has("types of profiles available", "goroutine")),
    kind("the variables of the program (Go)", "/debug/vars", _is_variables),
    kind("who calls the server now (Apache)", "/server-status", _has("apache server status for")),
    kind("the figures of the web server (nginx)", "/nginx_status", _has("active connections:", "server accepts")),
    kind("the figures of the program (Express)", "/status", _titled("Express Status")),
    kind("the figures of the program", "/metrics", _is_figures),
)  # fmt: skip
"""What lets strangers do most stands first."""
DESCRIPTIONS: Final[tuple[Kind, ...]] = (
    kind(
        "a page that describes the API",
        "/docs /redoc /swagger-ui/index.html /swagger-ui.html /swagger/index.html /swagger /api-docs /api/docs /ui/",
        _titled("Swagger UI", "ReDoc", "Scalar API", "RapiDoc", "Stoplight Elements"),
    ),
    kind(
        "a page to ask the API by hand (GraphQL)",
        "/graphql /graphiql /playground",
        _titled("GraphiQL", "GraphQL Playground", "Apollo Server", "Apollo Sandbox", "Altair", "Ariadne GraphQL"),
    ),
)
"""Pages that describe the API to its builders: open on purpose in many businesses."""
