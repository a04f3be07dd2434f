"""Traefik: its common form, and its JSON."""

from typing import Final

from apiward.watch.logs.formats.json_form import JsonForm, JsonReader
from apiward.watch.logs.model import LogReader, Wishes
from apiward.watch.logs.templates.compiled import TemplateReader
from apiward.watch.logs.templates.nginx import nginx_parts
from apiward.watch.logs.templates.slots import Role, Slot

_LINE: Final = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" $count "$router" "$server" '
)
FORM: Final = JsonForm(
    title="Traefik (JSON)",
    needs=("DownstreamStatus", "RequestMethod"),
    time=("StartUTC", "time", "StartLocal"),
    client=("ClientHost", "ClientAddr"),
    user=("ClientUsername",),
    method=("RequestMethod",),
    target=("RequestPath",),
    status=("DownstreamStatus", "OriginStatus"),
    answer_size=("DownstreamContentSize", "OriginContentSize"),
    request_size=("RequestContentSize",),
    elapsed=("Duration",),
    elapsed_unit_s=1e-9,
    agent=("request_User-Agent",),
    forwarded=("request_X-Forwarded-For",),
)


def traefik_reader(wishes: Wishes) -> LogReader:
    """Return what reads the common form of Traefik."""
    return TemplateReader((*nginx_parts(_LINE), Slot("request_ms", Role.ELAPSED_MS), "ms"), wishes)


def traefik_json_reader(wishes: Wishes) -> LogReader:
    """Return what reads the JSON of Traefik."""
    return JsonReader(FORM, wishes)
