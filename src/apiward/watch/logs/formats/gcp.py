"""Google Cloud load balancers: entries of Cloud Logging with an `httpRequest`, one JSON object a line."""

from typing import Final

from apiward.watch.logs.formats.json_form import JsonForm, JsonReader
from apiward.watch.logs.model import LogReader, Wishes

FORM: Final = JsonForm(
    title="Google Cloud load balancer",
    needs=("httpRequest.requestMethod", "httpRequest.requestUrl"),
    silent_with=("insertId", "logName"),
    time=("timestamp", "receiveTimestamp"),
    client=("httpRequest.remoteIp",),
    method=("httpRequest.requestMethod",),
    target=("httpRequest.requestUrl",),
    status=("httpRequest.status",),
    answer_size=("httpRequest.responseSize",),
    request_size=("httpRequest.requestSize",),
    elapsed=("httpRequest.latency",),
    agent=("httpRequest.userAgent",),
)


def gcp_reader(wishes: Wishes) -> LogReader:
    """Return what reads these entries."""
    return JsonReader(FORM, wishes)
