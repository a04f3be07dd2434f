"""Test identities, and what they show to say who they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from apiward.core.api import Place
from apiward.core.jsonvalue import Json


class Standing(StrEnum):
    """What an account may do, seen from the business."""

    NORMAL = "normal"
    PRIVILEGED = "privileged"


class Origin(StrEnum):
    """How apiward came by an account."""

    GIVEN = "given"
    SIGNED_UP = "signed-up"


@dataclass(frozen=True, slots=True)
class Credential:
    """What is sent to say who calls: `prefix` + `value` in one header, query field or cookie."""

    place: Place
    name: str
    value: str = field(repr=False)
    prefix: str = ""
    expires_s: float | None = None
    also: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Headers that go with it: a token against requests from other sites (CSRF)."""

    @property
    def shown(self) -> str:
        """The text that stands in the request."""
        return f"{self.prefix}{self.value}"


class NoCredentialError(Exception):
    """A credential could not be got; the message says why, without secrets."""


@dataclass(frozen=True, slots=True)
class Means:
    """How an account gets its credential besides a log-in of the API.

    A command that prints it, OAuth 2 (at `token_url`, at that which `openid_url` tells, or without both at that of the
    description), or what proves each request anew: a `signer` that is run for it, a client certificate, digest access.
    """

    command: tuple[str, ...] = field(default=(), repr=False)
    token_url: str = ""
    openid_url: str = ""
    signer: tuple[str, ...] = field(default=(), repr=False)
    certificate: str = ""
    certificate_key: str = ""
    is_digest: bool = False
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scope: str = ""
    refresh_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """A test identity: `facts` are what it signed up with and what the API says of it (id, e-mail, …)."""

    name: str
    username: str = ""
    password: str = field(default="", repr=False)
    standing: Standing = Standing.NORMAL
    origin: Origin = Origin.GIVEN
    role: str = ""
    tenant: str = ""
    """The customer's business that it belongs to, where one API serves several; empty: not said."""
    facts: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    credential: Credential | None = None
    means: Means | None = None
    one_time_secret: str = field(default="", repr=False)
    """The secret of its authenticator app, as the app was given it (base32)."""

    def is_mate_of(self, other: "Account") -> bool:
        """Whether both are said to belong to one tenant, whose people may share what they have."""
        return bool(self.tenant) and _same(self.tenant, other.tenant)

    def is_of_other_tenant_than(self, other: "Account") -> bool:
        """Whether the two are said to belong to different tenants."""
        return bool(self.tenant and other.tenant) and not _same(self.tenant, other.tenant)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
