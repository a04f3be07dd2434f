"""The ring of all API keys: finds the one that is shown, and says whether it may be used, from here, for this."""

import hmac
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from apiward.access.keys.form import has_right_checksum, read_key_text
from apiward.access.keys.values import ApiKey, LastUse, LiveSecret
from apiward.access.refusals import refused
from apiward.core.decision import Decision
from apiward.core.principal import Principal, PrincipalKind


class KeyStore(Protocol):
    """Keeps the keys. Writing replaces the whole file or table at once: a reader sees the old state or the new one."""

    def load(self) -> tuple[ApiKey, ...]:
        """Return all keys, revoked ones too. Raises AccessError where they cannot be read."""
        ...

    def save(self, keys: Iterable[ApiKey]) -> None:
        """Put `keys` in the place of all that were kept."""
        ...

    def record_uses(self, uses: Mapping[str, LastUse]) -> None:
        """Note the last uses by key id; what was noted later stays."""
        ...


class KeyRing:
    """All keys, by their id. Uses are gathered here and handed on in batches (`take_uses`)."""

    def __init__(self, keys: Iterable[ApiKey] = ()) -> None:
        self._keys: dict[str, tuple[ApiKey, Principal]] = {}
        self._uses: dict[str, LastUse] = {}
        self.replace(keys)

    @property
    def is_empty(self) -> bool:
        """Whether there are no keys at all, not even revoked ones."""
        return not self._keys

    @property
    def keys(self) -> tuple[ApiKey, ...]:
        """All keys, revoked ones too."""
        return tuple(key for key, _ in self._keys.values())

    def get(self, key_id: str) -> ApiKey | None:
        """Return the key with that id."""
        held = self._keys.get(key_id)
        return held[0] if held else None

    def replace(self, keys: Iterable[ApiKey]) -> None:
        """Take `keys` in the place of all, as after a change of the store."""
        self._keys = {key.id: (key, principal_of(key)) for key in keys}

    def take_uses(self) -> Mapping[str, LastUse]:
        """Return the uses since the last call, by key id."""
        uses, self._uses = self._uses, {}
        return MappingProxyType(uses)

    def check(self, text: bytes, *, method: str, path: str, address: str, now_s: float) -> Principal | Decision:
        """Return whose key `text` is, or why it is refused. Only who holds the secret learns more than "unknown"."""
        read = read_key_text(text)
        if read is None:
            return refused("unknown-key", saw="not the form of a key")
        key, principal = self._keys.get(read.id, (None, None))
        if key is None or principal is None:
            return _unknown(text, f"id {read.id}")
        secret = next((one for one in key.secrets if hmac.compare_digest(one.digest, read.digest)), None)
        if secret is None:
            return _unknown(text, f"id {read.id}, another secret")
        problem = _problem(key, secret, method, path, address, now_s)
        if problem is None:
            self._uses[key.id] = LastUse(now_s, address, f"{method} {path}", is_old_secret=secret.until_s is not None)
        return problem or principal


def principal_of(key: ApiKey) -> Principal:
    """Return who a caller with this key is."""
    scopes = frozenset(scope.text for scope in key.scopes)
    return Principal(
        PrincipalKind.KEY, key.id, key.name, roles=key.roles, scopes=scopes, expires_s=key.expires_s, is_verified=True
    )


def _unknown(text: bytes, saw: str) -> Decision:
    return refused("unknown-key", saw=saw) if has_right_checksum(text) else refused("key-misspelt", saw=saw)


def _problem(key: ApiKey, secret: LiveSecret, method: str, path: str, address: str, now_s: float) -> Decision | None:
    if key.is_revoked:
        return refused("key-revoked", saw=f"id {key.id}")
    if secret.until_s is not None and now_s >= secret.until_s:
        return refused("key-rotated", saw=f"id {key.id}: the old secret has ended")
    if key.expires_s is not None and now_s >= key.expires_s:
        return refused("key-expired", saw=f"id {key.id}")
    if not key.is_reachable_from(address):
        return refused("key-address", saw=f"id {key.id} from {address}")
    if not key.covers(method, path):
        return refused("key-scope", saw=f"id {key.id}: {method} is outside of its scopes")
    return None
