"""What a reader of one form of log takes and gives."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

MAX_LINE: Final = 65_536
"""Characters of a line; a longer one is not read."""
MAX_VALUE: Final = 8_192
"""Characters of one value that are looked at."""


class Entry(NamedTuple):
    """What one line says, before it is known what it means. Empty and 0 stand for what the log does not say.

    `target` is the path with its query as it was sent. `named` and `token` are the values of the fields that the
    settings name; `user` is whom the server itself knows. `operation` is filled by logs that name one.
    """

    at_s: float
    client: str
    user: str
    method: str
    target: str
    status: int
    answer_size: int = 0
    request_size: int = 0
    elapsed_s: float = 0.0
    agent: str = ""
    forwarded: str = ""
    named: str = ""
    token: str = ""
    operation: str = ""
    marks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a line is not of this form: what was expected, and what stands there. `is_silent` where nothing is wrong.

    A comment, an empty line, or a line that tells of no request is silent: it is left out and not counted as unread.
    """

    expected: str
    found: str = ""
    is_silent: bool = False


SILENT: Final = Flaw("a request", is_silent=True)


@dataclass(frozen=True, slots=True)
class Wishes:
    """Fields that the settings name, as this form of log writes them, and the zone of times that have none (seconds).

    `mapping` is for JSON lines: which field holds what.
    """

    principal: str = ""
    token: str = ""
    forwarded: str = ""
    zone_s: float = 0.0
    mapping: tuple[tuple[str, str], ...] = field(default=())


class LogReader(Protocol):
    """Reads the lines of one form of log, one after another."""

    def read(self, line: str) -> Entry | Flaw:
        """Return what a line says, without its line feed. Never raises."""
        ...

    @property
    def heading(self) -> str:
        """Return what must be known of earlier lines to go on later, empty for nearly all forms."""
        ...
