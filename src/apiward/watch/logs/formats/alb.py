"""The access log of AWS Application Load Balancers: fields in an order that only grows at the end."""

from typing import Final

from apiward.watch.logs.model import LogReader, Wishes
from apiward.watch.logs.templates.compiled import TemplateReader
from apiward.watch.logs.templates.slots import WITH_PORT, Part, Role, Slot

_PARTS: Final[tuple[Part, ...]] = (
    Slot("type", pattern="(?:https?|h2|grpcs|wss?)"),
    " ",
    Slot("time", Role.ISO),
    " ",
    Slot("elb"),
    " ",
    Slot("client", Role.CLIENT, pattern=WITH_PORT),
    ":",
    Slot("client_port"),
    " ",
    Slot("target"),
    " ",
    Slot("request_processing_time"),
    " ",
    Slot("target_processing_time", Role.ELAPSED_S),
    " ",
    Slot("response_processing_time"),
    " ",
    Slot("elb_status_code", Role.STATUS),
    " ",
    Slot("target_status_code"),
    " ",
    Slot("received_bytes", Role.REQUEST_SIZE),
    " ",
    Slot("sent_bytes", Role.ANSWER_SIZE),
    ' "',
    Slot("request", Role.REQUEST),
    '" "',
    Slot("user_agent", Role.AGENT),
    '" ',
)


def alb_reader(wishes: Wishes) -> LogReader:
    """Return what reads the log of such a balancer."""
    return TemplateReader(_PARTS, wishes, is_open=True)
