"""Posts JSON to an address of the settings: no redirect is followed, and no error shows the address or a secret."""

import re
from collections.abc import Mapping
from typing import Final

import orjson

from apiward.core.exchange import Request, Response
from apiward.core.notice import NotToldError
from apiward.core.ports import Sender

TIMEOUT_S: Final = 15.0
_FINAL: Final = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})
"""Statuses that say that the same message will not be taken later either."""
_DIGITS: Final = re.compile(r"\d{1,5}")


async def post(sender: Sender, address: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Return the answer to a POST that was taken. Raises NotToldError."""
    fields = (("Content-Type", "application/json"), ("User-Agent", "apiward"), *headers.items())
    exchange = await sender.send(Request("POST", address, fields, body), timeout_s=TIMEOUT_S)
    response = exchange.response
    if response is None:
        failure = exchange.failure.value if exchange.failure is not None else "no answer"
        raise NotToldError(f"No answer came: {failure}.")
    if 200 <= response.status < 300:
        return response
    after = response.header("retry-after") or ""
    wait_s = float(after) if _DIGITS.fullmatch(after) else 0.0
    is_final = response.status in _FINAL or 300 <= response.status < 400
    raise NotToldError(f"It was answered with {response.status}.", is_final=is_final, retry_after_s=wait_s)


def json_of(response: Response) -> dict[str, object]:
    """Return the object in an answer; an empty one where there is none."""
    try:
        found = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
