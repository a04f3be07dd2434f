"""What leaves the page as a file: lists as CSV, and reports. Who has taken it stands in the audit record."""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from apiward.app.page.handing_out import note_handed_out
from apiward.app.page.reports import report_file
from apiward.app.page.showing import day
from apiward.app.page.source import PageSource
from apiward.config.errors import AdvisedError
from apiward.prove.reports.html import policy
from apiward.web.answering import failed
from apiward.web.csv_form import MEDIA_TYPE, csv_text
from apiward.web.tables import Table, table_of

_TYPES: Final = {".html": "text/html; charset=utf-8", ".pdf": "application/pdf", ".json": "application/json"}
_SHUT: Final = "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
"""What a policy can only say in a header."""


async def list_file(source: PageSource, request: Request, name: str, view: object) -> Response:
    """Return the list of a page as CSV."""
    table = table_of(view)
    if table is None:  # only pages that are lists have this address
        raise LookupError(f"{name} is no list")
    try:
        body = await run_in_threadpool(_listed, source, name, table)
    except (AdvisedError, OSError) as error:
        return failed(request, error, f"/{name}")
    return _file(f"apiward-{name}-{day(source.clock())}.csv", body, MEDIA_TYPE)


async def report(source: PageSource, request: Request) -> Response:
    """Return a report: a page is shown, all else is to be saved."""
    try:
        made = await run_in_threadpool(report_file, source, str(request.path_params["name"])[:40])
    except (AdvisedError, OSError) as error:
        return failed(request, error, "/reports")
    ending = f".{made.name.rpartition('.')[2]}"
    response = _file(made.name, made.body, _TYPES[ending], is_shown=ending == ".html")
    if ending == ".html":
        response.headers["content-security-policy"] = f"{policy()}; {_SHUT}"
    return response


def _listed(source: PageSource, name: str, table: Table) -> bytes:
    body = csv_text(table.head, table.rows)
    note_handed_out(source, f"The list of {name} was handed out as CSV. Lines: {len(table.rows)}.")
    return body


def _file(name: str, body: bytes, kind: str, *, is_shown: bool = False) -> Response:
    how = "inline" if is_shown else "attachment"
    return Response(body, headers={"content-type": kind, "content-disposition": f'{how}; filename="{name}"'})
