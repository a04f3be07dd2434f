"""The types of ASGI that the proxy uses (ASGI 3.0, "HTTP & WebSocket ASGI Message Format")."""

from typing import TypeAlias

from apiward.net.messages import App, Message, Receive, Send

Scope: TypeAlias = Message
Fields: TypeAlias = list[tuple[bytes, bytes]]
"""Header fields in order, names in lower case."""

__all__ = ["App", "Fields", "Message", "Receive", "Scope", "Send"]
