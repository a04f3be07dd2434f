"""An API key as it is kept: everything about it but the key itself."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from apiward.access.keys.form import RandomBytes, key_digest, new_key_id, new_key_text
from apiward.access.keys.scopes import Scope

DAY_S = 86_400
DEFAULT_LIFE_S = 90 * DAY_S
DEFAULT_OVERLAP_S = 7 * DAY_S

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class LiveSecret:
    """One secret of a key by its hash; `until_s` is when it ends after a rotation, None for the current one."""

    digest: bytes = field(repr=False)
    made_s: float
    until_s: float | None = None


@dataclass(frozen=True, slots=True)
class LastUse:
    """When a key was last used, from where, for what, and with which of its secrets."""

    at_s: float
    address: str
    operation: str
    is_old_secret: bool = False


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key. While it is rotated it has two live secrets. Times are seconds since the epoch.

    Empty `scopes` mean everything, empty `networks` mean from anywhere; `expires_s` None means never.
    """

    id: str
    name: str
    prefix: str
    env: str
    secrets: tuple[LiveSecret, ...]
    created_s: float
    expires_s: float | None = None
    scopes: tuple[Scope, ...] = ()
    roles: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    is_revoked: bool = False
    last_use: LastUse | None = None

    def is_reachable_from(self, address: str) -> bool:
        """Return whether the key may be used from `address`."""
        if not self.networks:
            return True
        try:
            given = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(given, "ipv4_mapped", None)
        return any((mapped or given) in network for network in self.networks)

    def covers(self, method: str, path: str) -> bool:
        """Return whether the key may do this."""
        return not self.scopes or any(scope.covers(method, path) for scope in self.scopes)

    def revoked(self) -> "ApiKey":
        """Return the key as it is when it was taken back."""
        return replace(self, is_revoked=True)

    def used(self, use: LastUse) -> "ApiKey":
        """Return the key with its last use."""
        return replace(self, last_use=use)


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks (CIDR) or single addresses. Raises ValueError where one is none."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def new_api_key(
    name: str,
    *,
    random_bytes: RandomBytes,
    now_s: float,
    prefix: str = "apw",
    env: str = "live",
    life_s: float | None = DEFAULT_LIFE_S,
    scopes: Iterable[str] = (),
    roles: Iterable[str] = (),
    networks: Iterable[str] = (),
    taken: Iterable[str] = (),
) -> tuple[ApiKey, str]:
    """Return a new key, and its text, which is shown once and never kept. Raises ValueError with advice.

    `taken` are the ids of the keys that there are.
    """
    ids, key_id = frozenset(taken), new_key_id(random_bytes)
    while key_id in ids:
        key_id = new_key_id(random_bytes)
    text = new_key_text(prefix, env, key_id, random_bytes)
    key = ApiKey(
        id=key_id,
        name=name,
        prefix=prefix,
        env=env,
        secrets=(LiveSecret(key_digest(text.encode()), now_s),),
        created_s=now_s,
        expires_s=None if life_s is None else now_s + life_s,
        scopes=tuple(Scope.parse(scope) for scope in scopes),
        roles=frozenset(roles),
        networks=parse_networks(networks),
    )
    return key, text


def rotated(
    key: ApiKey,
    *,
    random_bytes: RandomBytes,
    now_s: float,
    overlap_s: float = DEFAULT_OVERLAP_S,
    life_s: float | None = DEFAULT_LIFE_S,
) -> tuple[ApiKey, str]:
    """Return the key with a new secret, and its new text. The old secret lives on for `overlap_s`; older ones end now.

    Raises ValueError for a key that was taken back.
    """
    if key.is_revoked:
        raise ValueError(f"the key {key.id} was revoked; make a new one")
    text = new_key_text(key.prefix, key.env, key.id, random_bytes)
    current = key.secrets[0]
    end_s = now_s + overlap_s if key.expires_s is None else min(now_s + overlap_s, key.expires_s)
    secrets = (LiveSecret(key_digest(text.encode()), now_s), replace(current, until_s=end_s))
    return replace(key, secrets=secrets, expires_s=None if life_s is None else now_s + life_s), text
