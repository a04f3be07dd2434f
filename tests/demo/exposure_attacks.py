"""Sends the server elsewhere, and looks for what stands open or trusts too much."""

from collections.abc import Callable, Mapping
from typing import Final

from apiward.net.call_listener import OwnListener
from tests.demo.visitor import Shown, Visitor

_TOKEN: Final = "0123456789abcdef" * 2


def request_forgery(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    with OwnListener(clock=lambda: 0.0) as ear:
        ear.expect(_TOKEN)
        got = visitor.call("PUT", "/api/v2/me/calendar", {"calendar_url": f"{ear.origin}/{_TOKEN}"}, token=token)
        return Shown(ear.heard(_TOKEN) is not None, got.status)


ATTACKS: Final[Mapping[str, Callable[[Visitor], Shown]]] = {
    "request-forgery-calendar": request_forgery,
}
