"""Who a live request is from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from apiward.core.jsonvalue import Json

_NO_CLAIMS: Final[Mapping[str, Json]] = MappingProxyType({})


class PrincipalKind(StrEnum):
    """What showed itself. TOKEN is a credential that only the API behind the guard can verify."""

    USER = "user"
    KEY = "key"
    DEVICE = "device"
    TOKEN = "token"  # noqa: S105 - a kind, no secret
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls. `id` is stable and unique within its kind, and safe to keep: never the credential itself.

    `issuer` tells apart equal ids of two log-in services. `expires_s` is when the credential ends
    (seconds since the epoch). `is_verified` says whether the guard checked the credential itself.
    """

    kind: PrincipalKind
    id: str = ""
    name: str = ""
    issuer: str = ""
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    claims: Mapping[str, Json] = field(default_factory=lambda: _NO_CLAIMS, repr=False)
    expires_s: float | None = None
    is_verified: bool = False
    key: str = field(init=False, default="")
    """One text that stands for the principal in counters and events: `user:https://id.example|42`."""

    is_anonymous: bool = field(init=False, default=True)
    """Whether nothing was shown."""

    def __post_init__(self) -> None:
        key = f"{self.kind.value}:{self.issuer}|{self.id}" if self.issuer else f"{self.kind.value}:{self.id}"
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "is_anonymous", self.kind is PrincipalKind.ANONYMOUS)


ANONYMOUS: Final = Principal(PrincipalKind.ANONYMOUS)
