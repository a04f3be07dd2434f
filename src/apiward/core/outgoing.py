"""What is sent to where an owner keeps the records of all systems, and what takes it there."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from apiward.core.finding import Severity

RECORD_KINDS: Final = ("events", "findings", "detections", "incidents")
"""What can be sent, in the order in which it is."""


class LineForm(StrEnum):
    """Forms of a line: of the Open Cybersecurity Schema Framework, our own JSON, the Common Event Format."""

    OCSF = "ocsf"
    JSONL = "jsonl"
    CEF = "cef"


class Outgoing(NamedTuple):
    """One record, written out. Sent again after a crash it has the same `id`, by which a receiver knows it."""

    id: str
    kind: str
    at_s: float
    severity: Severity
    line: str


class NotSentError(Exception):
    """The destination cannot take it now: why, without any secret. `wait_s` is what it asked for, 0 if nothing."""

    def __init__(self, why: str, *, wait_s: float = 0.0) -> None:
        super().__init__(why)
        self.wait_s = wait_s


class RefusedError(Exception):
    """The destination does not take this, now or later."""


class Destination(Protocol):
    """Takes records elsewhere."""

    name: str
    """What people call it: its address, without a secret."""

    async def send(self, records: Sequence[Outgoing]) -> str:
        """Send all of them. Return what the owner should know, mostly nothing. Raises NotSentError, RefusedError."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...
