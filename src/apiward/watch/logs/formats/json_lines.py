"""JSON lines of anybody: names of fields that many programs use, or those that the settings name."""

from dataclasses import fields, replace
from typing import Any, Final

from apiward.watch.logs.formats.json_form import JsonForm, JsonReader
from apiward.watch.logs.model import LogReader, Wishes
from apiward.watch.logs.templates.slots import FormError

FORM: Final = JsonForm(
    title="JSON lines",
    needs=(),
    time=(
        "time", "timestamp", "@timestamp", "ts", "time_iso8601", "time_local", "date", "datetime", "msec", "start_time",
    ),
    client=(
        "client_ip", "remote_addr", "remote_ip", "clientip", "clientIp", "ip", "client", "remoteAddress", "src_ip",
        "source_ip", "remote_host",
    ),
    user=("user", "remote_user", "user_id", "username", "userId", "sub"),
    method=("method", "request_method", "http_method", "verb", "httpMethod"),
    target=("uri", "request_uri", "path", "url", "request_path", "target"),
    query=("query", "query_string", "args"),
    request=("request", "request_line"),
    status=("status", "status_code", "statusCode", "response", "code", "http_status"),
    answer_size=("bytes", "body_bytes_sent", "bytes_sent", "size", "response_size", "answer_size", "length"),
    request_size=("request_length", "request_size", "bytes_received"),
    elapsed=("request_time", "duration", "elapsed", "elapsed_s", "duration_s"),
    agent=("user_agent", "http_user_agent", "userAgent", "agent"),
    forwarded=("x_forwarded_for", "http_x_forwarded_for", "forwarded_for"),
)  # fmt: skip
MAPPED: Final = tuple(
    one.name for one in fields(JsonForm) if isinstance(getattr(FORM, one.name), tuple) and one.name not in
    {"needs", "needs_one", "silent_with", "only", "marks", "route_key"}
)  # fmt: skip
"""What a mapping may name."""


def json_reader(wishes: Wishes) -> LogReader:
    """Return what reads such lines. Raises FormError where the mapping names what is not there to be named."""
    given: dict[str, Any] = {}
    for name, place in wishes.mapping:
        if name not in MAPPED:
            raise FormError(f'a mapping has no "{name[:40]}"; it may have {", ".join(MAPPED)}')
        given[name] = (place,)
    return JsonReader(replace(FORM, **given) if given else FORM, wishes)
