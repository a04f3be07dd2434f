"""Who works here, looked up in the directory of the practice."""

import re
from typing import Final

from starlette.responses import Response

from apiward.demo.calls import Call, Refusal, answer
from apiward.demo.desk import Desk, Entry

DIRECTORY: Final = (
    {"login": "lina", "name": "Lina Marlow", "works_on": "coaching"},
    {"login": "tom", "name": "Tom Reed", "works_on": "bookings and the shop"},
)


def read_colleague(desk: Desk, call: Call) -> Response:
    """Show one person of the team to everybody."""
    login = call.path["login"]
    has_signs = re.search(r"[\\()*\0]", login) is not None
    wanted = login
    if has_signs and desk.weak("lookup-injection-colleague"):
        wanted = _meant(login)
    found = next((one for one in DIRECTORY if one["login"] == wanted), None)
    if found is None:
        raise Refusal(404, "Nobody of that name works here")
    return answer(found)


def _meant(text: str) -> str:
    """Return what a filter of a directory means by a text (RFC 4515); one that cannot be read is a bug, as there."""
    if re.search(r"[()\0]|\\(?![0-9a-fA-F]{2})", text):
        raise ValueError("bad search filter")
    return re.sub(r"\\([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text)


ENTRIES = (Entry("GET", "/api/v2/colleagues/{login}", read_colleague),)
