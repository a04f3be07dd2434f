"""What callers show of themselves: a signed token, a key, or nothing; with the headers of their device."""

from collections.abc import Mapping
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.demo.tokens import hs256
from apiward.demo.traffic.people import Device, User
from apiward.demo.traffic.values import Pairs

HOST: Final = b"api.firm.example"
ISSUER: Final = "https://id.firm.example"
AUDIENCE: Final = "firm-api"
SECRET: Final = "the key of a business that is only simulated, long enough"
STAFF_ROLE: Final = "support"
BROWSER_LIFE_S: Final = 36_000.0
PHONE_LIFE_S: Final = 5 * 86_400.0


class Caller:
    """One log-in of somebody on one device, or a key, or a stranger. `address` changes as people go about."""

    __slots__ = ("address", "device", "expires_s", "headers", "is_phone", "issued_s", "principal", "tenants", "user")

    def __init__(
        self,
        principal: Principal,
        headers: Pairs,
        address: str,
        *,
        user: User | None = None,
        device: Device | None = None,
        is_phone: bool = False,
        issued_s: float = 0.0,
        expires_s: float = 0.0,
        tenants: frozenset[int] = frozenset(),
    ) -> None:
        self.principal = principal
        self.headers = headers
        self.address = address
        self.user = user
        self.device = device
        self.is_phone = is_phone
        self.issued_s = issued_s
        self.expires_s = expires_s
        self.tenants = tenants
        """Of a key: for which tenants it may write."""

    def is_over(self, now_s: float) -> bool:
        """Whether the token has ended: by time, or because what it says of its owner is not true any more."""
        user = self.user
        return user is not None and (now_s >= self.expires_s or self.issued_s < user.changed_s)

    def elsewhere(self, address: str, agent: str) -> "Caller":
        """Return the same credential, shown from another place and device."""
        return self.with_headers(
            tuple((name, agent.encode() if name == b"user-agent" else text) for name, text in self.headers), address
        )

    def with_headers(self, headers: Pairs, address: str) -> "Caller":
        """Return the same credential, sent with other headers and from there."""
        return Caller(
            self.principal, headers, address, user=self.user, issued_s=self.issued_s, expires_s=self.expires_s
        )


def stranger(agent: str, address: str) -> Caller:
    """Return somebody who shows nothing."""
    return Caller(ANONYMOUS, _headers(agent), address)


def logged_in(user: User, device: Device, now_s: float, *, has_tenant: bool, names_staff: bool) -> tuple[Caller, str]:
    """Return the caller with a fresh token, and the token."""
    expires_s = now_s + (PHONE_LIFE_S if device.is_phone else BROWSER_LIFE_S)
    claims = claims_of(user, now_s, expires_s, has_tenant=has_tenant, names_staff=names_staff)
    token = hs256(dict(claims), SECRET.encode())
    caller = Caller(
        principal_of(claims),
        (*_headers(device.agent), (b"authorization", b"Bearer " + token.encode())),
        device.addresses[0],
        user=user,
        device=device,
        is_phone=device.is_phone,
        issued_s=now_s,
        expires_s=expires_s,
    )
    return caller, token


def claims_of(user: User, now_s: float, expires_s: float, *, has_tenant: bool, names_staff: bool) -> Mapping[str, Json]:
    """Return what a token says of a person."""
    claims: dict[str, Json] = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": str(user.number), "email": user.email, "name": user.name,
        "iat": int(now_s), "exp": int(expires_s),
    }  # fmt: skip
    if has_tenant:
        claims["org"] = user.tenant.number
    if user.is_staff and names_staff:
        claims["roles"] = [STAFF_ROLE]
    return claims


def principal_of(claims: Mapping[str, Json]) -> Principal:
    """Return who a token stands for, as the guard makes it of one that it has verified."""
    roles, expires_s = claims.get("roles"), claims.get("exp")
    return Principal(
        PrincipalKind.USER,
        id=str(claims["sub"]),
        name=str(claims["name"]),
        issuer=ISSUER,
        roles=frozenset(map(str, roles)) if isinstance(roles, list) else frozenset(),
        claims=claims,
        expires_s=float(expires_s) if isinstance(expires_s, int) else None,
        is_verified=True,
    )


def machine(name: str, secret: str, address: str, tenants: frozenset[int]) -> Caller:
    """Return a program with an API key that may write for `tenants`."""
    principal = Principal(PrincipalKind.KEY, id=name, name=name, is_verified=True)
    key = (b"x-api-key", f"sk_live_{secret}".encode())
    return Caller(principal, (*_headers("ledger-sync/2.4 (python-requests/2.32)"), key), address, tenants=tenants)


def _headers(agent: str) -> Pairs:
    return (
        (b"host", HOST), (b"user-agent", agent.encode()), (b"accept", b"application/json"),
        (b"accept-encoding", b"gzip"),
    )  # fmt: skip
