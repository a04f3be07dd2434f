"""OCSF: HTTP Activity (4002), API Activity (6003) and Authentication (3002), our own export or that of others."""

from typing import Final

from apiward.watch.logs.formats.json_form import JsonForm, JsonReader
from apiward.watch.logs.model import LogReader, Wishes

FORM: Final = JsonForm(
    title="OCSF",
    needs=("class_uid", "time"),
    only=("class_uid", (3002, 4002, 6003)),
    silent_with=("class_uid", "metadata"),
    time=("time", "start_time"),
    client=("src_endpoint.ip", "src_endpoint.name"),
    user=("actor.user.uid", "actor.user.name", "user.uid", "user.name", "unmapped.user.uid"),
    method=("http_request.http_method", "unmapped.method"),
    target=("http_request.url.path", "http_request.url.url_string"),
    query=("http_request.url.query_string",),
    route_key=("api.operation",),
    status=("http_response.code", "api.response.code", "status_code"),
    answer_size=("http_response.length",),
    request_size=("http_request.length",),
    elapsed=("duration",),
    elapsed_unit_s=1e-3,
    agent=("http_request.user_agent",),
    forwarded=("http_request.x_forwarded_for",),
)


def ocsf_reader(wishes: Wishes) -> LogReader:
    """Return what reads these events."""
    return JsonReader(FORM, wishes)
