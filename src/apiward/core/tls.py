"""What a server says when a secure connection is agreed."""

from dataclasses import dataclass
from enum import StrEnum


class Distrust(StrEnum):
    """Why a certificate would not be believed by a browser."""

    NONE = ""
    EXPIRED = "expired"
    NOT_YET = "not-yet"
    OTHER_NAME = "other-name"
    SELF_SIGNED = "self-signed"
    UNKNOWN_ISSUER = "unknown-issuer"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What was agreed with one server.

    `old_versions` are those that it took although nobody should offer them any more, `weak_ciphers` the names of weak
    ciphers that it took. `distrust` is told by a look as a browser has it, `detail` in the words of who looked.
    `ends_s` is when the certificate ends, in seconds since the epoch; None where it was not believed.
    """

    old_versions: tuple[str, ...] = ()
    weak_ciphers: tuple[str, ...] = ()
    distrust: Distrust = Distrust.NONE
    detail: str = ""
    ends_s: float | None = None
