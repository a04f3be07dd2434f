"""Reads a form that was sent: small, of text, and nothing else."""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

MOST_BYTES: Final = 16_384
MOST_FIELDS: Final = 20
MOST_S: Final = 10.0
"""So long may a form take to come: each that is under way holds one of the connections that the page has."""
_KIND: Final = "application/x-www-form-urlencoded"


class FormTooLargeError(ValueError):
    """More was sent than any form of ours holds."""


class NoFormError(ValueError):
    """What was sent is no form."""


async def read_form(request: Request, *, most_s: float = MOST_S) -> Mapping[str, str]:
    """Return the fields. Raises FormTooLargeError, NoFormError, also where it does not come in time."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        raise NoFormError
    body = bytearray()
    try:
        async with asyncio.timeout(most_s):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise FormTooLargeError
    except TimeoutError:
        raise NoFormError from None
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (UnicodeDecodeError, ValueError):
        raise NoFormError from None
    return dict(pairs)


def number(fields: Mapping[str, str], name: str) -> int:
    """Return a field as a whole number; 0 where it is none."""
    text = fields.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
