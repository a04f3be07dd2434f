"""Caddy: one JSON object a line; what it says of itself is left out."""

from typing import Final

from apiward.watch.logs.formats.json_form import JsonForm, JsonReader
from apiward.watch.logs.model import LogReader, Wishes

FORM: Final = JsonForm(
    title="Caddy",
    needs=("request.method", "request.uri", "status"),
    silent_with=("level", "ts", "msg"),
    time=("ts",),
    client=("request.client_ip", "request.remote_ip", "request.remote_addr"),
    user=("user_id",),
    method=("request.method",),
    target=("request.uri",),
    status=("status",),
    answer_size=("size",),
    request_size=("bytes_read",),
    elapsed=("duration",),
    agent=("request.headers.User-Agent",),
    forwarded=("request.headers.X-Forwarded-For",),
)


def caddy_reader(wishes: Wishes) -> LogReader:
    """Return what reads the log of Caddy."""
    return JsonReader(FORM, wishes)
