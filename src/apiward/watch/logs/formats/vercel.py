"""Vercel log drains: JSON lines; those of builds and of programs that print something are left out."""

from typing import Final

from apiward.watch.logs.formats.json_form import JsonForm, JsonReader
from apiward.watch.logs.model import LogReader, Wishes

FORM: Final = JsonForm(
    title="Vercel log drain",
    needs=("proxy.method", "proxy.path"),
    silent_with=("deploymentId", "source"),
    time=("proxy.timestamp", "timestamp"),
    client=("proxy.clientIp",),
    method=("proxy.method",),
    target=("proxy.path",),
    status=("proxy.statusCode", "statusCode"),
    answer_size=("proxy.responseByteSize",),
    agent=("proxy.userAgent",),
)


def vercel_reader(wishes: Wishes) -> LogReader:
    """Return what reads a log drain."""
    return JsonReader(FORM, wishes)
