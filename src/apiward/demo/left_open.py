"""What was left on the server: files that were never meant for the web, and pages for those who run it."""

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from apiward.demo.calls import Call
from apiward.demo.desk import Desk, Entry
from apiward.demo.tokens import pad64

SETTINGS = """# copied from the office computer
APP_ENV=production
DATABASE_URL=sqlite:///coaching.sqlite3
MAIL_PASSWORD=not-a-real-one
"""
DOCS = """<!DOCTYPE html>
<html><head><title>Marlow Coaching - Swagger UI</title></head>
<body><div id="swagger-ui"></div></body></html>
"""


def settings_file(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Serve the file with the settings, as a web server does that was pointed at the wrong folder."""
    desk.weak("exposed-settings")
    return PlainTextResponse(f"{SETTINGS}TOKEN_SECRET={pad64(desk.keys.shared)}\n")


def figures(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Tell everybody how often each operation was called."""
    desk.weak("figures-open")
    lines = ["# HELP http_requests_total Requests by operation", "# TYPE http_requests_total counter"]
    lines += [f'http_requests_total{{operation="{name}"}} {count}' for name, count in sorted(desk.calls.items())]
    return PlainTextResponse("\n".join(lines) + "\n")


def docs_page(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Show the description as a page."""
    desk.weak("docs-open")
    return HTMLResponse(DOCS)


ENTRIES = (
    Entry("GET", "/.env", settings_file, only_with="exposed-settings"),
    Entry("GET", "/metrics", figures, only_with="figures-open"),
    Entry("GET", "/docs", docs_page, only_with="docs-open"),
)
