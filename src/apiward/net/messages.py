"""ASGI's own types: messages are loose mappings (ASGI 3.0, "HTTP & WebSocket format")."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

FAILURE: Final = "apiward.failure"
"""Set in the scope by the proxy: why the API gave no answer."""


class WholeSender:
    """A `Send` that also takes an answer of which all is there in one go, which is cheaper than two messages."""

    __slots__ = ()

    async def __call__(self, message: Message) -> None:
        """Take the next message."""
        raise NotImplementedError

    async def whole(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes, *, is_counted: bool) -> None:
        """Take a whole answer; `is_counted` says that a header tells its length. `headers` is the sender's from now."""
        raise NotImplementedError
