"""AWS API Gateway: access logs in the JSON and in the common form that its documentation gives."""

from typing import Final

from apiward.watch.logs.formats.json_form import JsonForm, JsonReader
from apiward.watch.logs.model import LogReader, Wishes
from apiward.watch.logs.templates.compiled import TemplateReader
from apiward.watch.logs.templates.slots import Part, Role, Slot

FORM: Final = JsonForm(
    title="AWS API Gateway (JSON)",
    needs=("requestId", "status"),
    needs_one=("resourcePath", "routeKey", "path"),
    time=("requestTime", "requestTimeEpoch"),
    client=("ip", "sourceIp", "identity.sourceIp"),
    user=("user", "caller", "principalId", "authorizer.principalId"),
    method=("httpMethod",),
    target=("path",),
    route=("resourcePath",),
    route_key=("routeKey",),
    status=("status",),
    answer_size=("responseLength",),
    elapsed=("responseLatency", "integrationLatency"),
    elapsed_unit_s=1e-3,
    agent=("userAgent", "identity.userAgent"),
)
_LINE: Final[tuple[Part, ...]] = (
    Slot("source_ip", Role.CLIENT),
    " ",
    Slot("caller"),
    " ",
    Slot("user", Role.USER),
    " [",
    Slot("request_time", Role.CLF),
    ']"',
    Slot("request", Role.REQUEST),
    '" ',
    Slot("status", Role.STATUS),
    " ",
    Slot("response_length", Role.ANSWER_SIZE),
    " ",
    Slot("request_id"),
)


def api_gateway_json_reader(wishes: Wishes) -> LogReader:
    """Return what reads the JSON."""
    return JsonReader(FORM, wishes)


def api_gateway_reader(wishes: Wishes) -> LogReader:
    """Return what reads the common form."""
    return TemplateReader(_LINE, wishes)
