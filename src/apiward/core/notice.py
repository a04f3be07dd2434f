"""What a person is told of an incident on one channel, and how a channel says that it could not."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from apiward.core.finding import Severity


class NoticeKind(StrEnum):
    """What a notice is. MORE and ENDED follow a FIRST one on the same channel."""

    FIRST = "first"
    MORE = "more"
    ENDED = "ended"
    TEST = "test"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message. The same `id` is the same message, however often it is sent.

    `subject` is what it is about (the id of an incident); `thread` is what the channel returned for the first one.
    Each of `lines` is a paragraph. `at_s` is when it was written, in seconds since the epoch. `enclosed` goes along
    as it is where a channel has room for it: a signed checkpoint of the audit record.
    """

    id: str
    subject: str
    kind: NoticeKind
    severity: Severity
    title: str
    lines: tuple[str, ...]
    at_s: float
    link: str = ""
    thread: str = ""
    is_drill: bool = False
    enclosed: str = ""


class NotToldError(Exception):
    """A channel could not tell. `why` holds no secret. It is tried again unless `is_final`."""

    def __init__(self, why: str, *, is_final: bool = False, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.is_final = is_final
        self.retry_after_s = retry_after_s


class NoticeSender(Protocol):
    """Tells somebody on one channel."""

    @property
    def can_follow(self) -> bool:
        """Whether later notices find their way to the first one: in a thread, or in its place."""
        ...

    async def send(self, notice: Notice) -> str:
        """Send it, and return what later ones must bear as `thread`. Raises NotToldError."""
        ...
