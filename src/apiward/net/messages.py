"""ASGI's own types: messages are loose mappings (ASGI 3.0, "HTTP & WebSocket format")."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

FAILURE: Final = "apiward.failure"
"""Set in the scope by the proxy: why the API gave no answer."""
