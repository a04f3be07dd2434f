"""A client's own calendar, linked so that hours in which the client is busy are not offered."""

import urllib.request
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import Response

from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer, text
from apiward.demo.desk import Desk, Entry

HOSTS: Final = frozenset({"calendar.google.com", "outlook.office365.com", "p101-caldav.icloud.com"})
WAITING_S: Final = 2.0
MAX_BYTES: Final = 100_000


def show_link(desk: Desk, call: Call) -> Response:
    """Show which calendar is linked."""
    me = client(desk, call)
    row = desk.storage.row("SELECT address FROM calendars WHERE owner = ?", me.id)
    return answer({"calendar_url": row["address"] if row else ""})


def link(desk: Desk, call: Call) -> Response:
    """Link a calendar of one of the services that we know. It is read at night, not now."""
    me, address = client(desk, call), text(call.data(), "calendar_url", most=500)
    if not _is_known(address):
        if not desk.weak("request-forgery-calendar"):
            raise Refusal(422, "'calendar_url' must be an address of a calendar service that we know")
        _read(address)
    desk.storage.rows("INSERT OR REPLACE INTO calendars (owner, address) VALUES (?, ?)", me.id, address)
    return answer({"status": "ok"})


def _is_known(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and parts.hostname in HOSTS and parts.port is None and not parts.username
    except ValueError:
        return False


def _read(address: str) -> None:
    """Look whether there is a calendar, wherever that is."""
    if address.startswith(("http://", "https://")):
        try:
            with urllib.request.urlopen(address, timeout=WAITING_S) as got:  # noqa: S310 - the weakness itself
                got.read(MAX_BYTES)
        except (OSError, ValueError):
            return


ENTRIES = (
    Entry("GET", "/api/v2/me/calendar", show_link),
    Entry("PUT", "/api/v2/me/calendar", link),
)
