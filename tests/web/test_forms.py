import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message

from apiward.web.forms import MOST_BYTES, FormTooLargeError, NoFormError, read_form

KIND = (b"content-type", b"application/x-www-form-urlencoded")


def sent(*chunks: bytes, is_whole: bool = True) -> Request:
    """Return a request whose body comes in chunks; one that is not whole is never ended."""
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]

    async def receive() -> Message:
        if waiting:
            return waiting.pop(0)
        if not is_whole:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": [KIND]}, receive)


def test_a_form_is_read_whole() -> None:
    assert asyncio.run(read_form(sent(b"name=an", b"na&code="))) == {"name": "anna", "code": ""}


def test_a_form_that_never_ends_is_not_waited_for() -> None:
    with pytest.raises(NoFormError):
        asyncio.run(read_form(sent(b"name=an", is_whole=False), most_s=0.0))


def test_a_form_is_read_no_further_than_any_of_ours_reaches() -> None:
    with pytest.raises(FormTooLargeError):
        asyncio.run(read_form(sent(b"x" * MOST_BYTES, b"x", is_whole=False)))
