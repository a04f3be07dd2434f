"""Which session belongs to which account, known by a keyed hash of the session alone."""

import hashlib
from collections import OrderedDict, deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from apiward.access.bounded import Bounded
from apiward.core.ports import KeptSession, KeptSessions
from apiward.core.principal import Principal, PrincipalKind

MAX_PER_ACCOUNT: Final = 50
MAX_COOKIE_NAMES: Final = 100
MAX_SHARED: Final = 10_000
LONGEST_S: Final = 2_592_000.0
"""Seconds for which a session is remembered at most, whatever its own token says."""
_NO_CLAIMS: Final[Mapping[str, str]] = MappingProxyType({})


class SessionMemory:
    """Keeps sessions, bounded in all and for each account: one account cannot push out the sessions of others.

    `pepper` keys the hashes, so that what is kept is of no use to who reads it. It must be the
    same for all workers and runs where ids of tokens are to stay the same. `store` shares what is
    known with the other workers, and keeps it over a restart.
    """

    def __init__(
        self, *, pepper: bytes, capacity: int = 100_000, life_s: float = 43_200.0, store: KeptSessions | None = None
    ) -> None:
        self._pepper = pepper[:64]
        self._life_s = life_s
        self._capacity = capacity
        self._store = store
        self._sessions: Bounded[Principal] = Bounded(capacity)
        self._shared: Bounded[bool] = Bounded(MAX_SHARED)
        self._of_account: OrderedDict[str, deque[bytes]] = OrderedDict()
        self.cookie_names: set[bytes] = set()
        """Names of cookies that were seen to hold a session."""
        self._listen()

    def __len__(self) -> int:
        return len(self._sessions)

    def hash(self, token: bytes) -> bytes:
        """Return the keyed hash by which a token is known."""
        return hashlib.blake2b(token, key=self._pepper, digest_size=16).digest()

    def account(self, token: bytes, now_s: float) -> Principal | None:
        """Return the account that logged in with this token, or None."""
        self._listen()
        digest = self.hash(token)
        principal = self._sessions.get(digest, now_s)
        if principal is not None and principal.expires_s is not None and principal.expires_s - now_s < self._half_s:
            self._prolong(digest, principal, now_s)
        return principal

    def unknown(self, token: bytes) -> Principal:
        """Return who shows a token that nobody here can check: the same token is the same principal."""
        return Principal(PrincipalKind.TOKEN, self.hash(token).hex()[:24])

    def remember(
        self,
        token: bytes,
        account: str,
        now_s: float,
        *,
        claims: Mapping[str, str] = _NO_CLAIMS,
        ends_s: float | None = None,
    ) -> None:
        """Keep that `token` was given to `account`. What is given to two accounts is no session and never counts.

        `ends_s` is when the token itself ends; one that does not say so is kept for as long as it is used.
        """
        self._listen()
        digest = self.hash(token)
        held = self._sessions.get(digest, now_s)
        if self._shared.get(digest, now_s) or (held is not None and held.id != account):
            self._end(digest)
            self._shared.put(digest, value=True, until_s=now_s + self._life_s)
            return
        until_s = now_s + self._life_s if ends_s is None else min(ends_s, now_s + LONGEST_S)
        self._keep(KeptSession(digest, account, claims, until_s))

    def name_cookie(self, name: bytes) -> None:
        """Note that cookies of that name hold sessions."""
        if name not in self.cookie_names and len(self.cookie_names) < MAX_COOKIE_NAMES and len(name) <= 100:
            self._keep(KeptSession(name, "", _NO_CLAIMS, 0.0))

    def forget(self, token: bytes) -> None:
        """Forget a session, as after a log-out."""
        self._listen()
        self._end(self.hash(token))

    def forget_others(self, account: str, tokens: frozenset[bytes]) -> None:
        """Forget the sessions of an account, but these tokens."""
        self._listen()
        kept = {self.hash(token) for token in tokens}
        for digest in [one for one in self._of_account.get(account, ()) if one not in kept]:
            self._end(digest)

    @property
    def _half_s(self) -> float:
        return self._life_s / 2

    def _prolong(self, digest: bytes, principal: Principal, now_s: float) -> None:
        """Keep a session that is in use, where its token says nothing of its end."""
        claims = {name: str(value) for name, value in principal.claims.items()}
        if "exp" not in claims:
            self._keep(KeptSession(digest, principal.id, claims, now_s + self._life_s))

    def _keep(self, session: KeptSession) -> None:
        self._take(session)
        if self._store is not None:
            self._store.keep(session)

    def _end(self, digest: bytes) -> None:
        self._keep(KeptSession(digest, "-", _NO_CLAIMS, 0.0))

    def _listen(self) -> None:
        """Take over what other workers have seen, and at the start what was known before."""
        if self._store is not None:
            for session in self._store.news():
                self._take(session)

    def _take(self, session: KeptSession) -> None:
        digest, account, claims, until_s = session
        if not account:
            self.cookie_names.add(digest)
            return
        if not until_s:
            self._drop(digest)
            return
        principal = Principal(PrincipalKind.USER, account, account, claims=dict(claims), expires_s=until_s)
        self._sessions.put(digest, principal, until_s)
        own = self._of_account.setdefault(account, deque())
        self._of_account.move_to_end(account)
        if digest not in own:
            own.append(digest)
        if len(own) > MAX_PER_ACCOUNT:
            self._sessions.drop(own.popleft())
        if len(self._of_account) > self._capacity:
            self._of_account.popitem(last=False)

    def _drop(self, digest: bytes) -> None:
        principal = self._sessions.drop(digest)
        own = self._of_account.get(principal.id) if principal else None
        if own and digest in own:
            own.remove(digest)
