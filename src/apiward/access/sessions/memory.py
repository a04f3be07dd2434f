"""Which session belongs to which account, known by a keyed hash of the session alone."""

import hashlib
from collections import OrderedDict, deque
from typing import Final

from apiward.access.bounded import Bounded
from apiward.core.principal import Principal, PrincipalKind

MAX_PER_ACCOUNT: Final = 50
MAX_COOKIE_NAMES: Final = 100
MAX_SHARED: Final = 10_000


class SessionMemory:
    """Keeps sessions, bounded in all and for each account: one account cannot push out the sessions of others.

    `pepper` keys the hashes, so that what is kept is of no use to who reads it. It must be the
    same for all workers and runs where ids of tokens are to stay the same.
    """

    def __init__(self, *, pepper: bytes, capacity: int = 100_000, life_s: float = 43_200.0) -> None:
        self._pepper = pepper[:64]
        self._life_s = life_s
        self._capacity = capacity
        self._sessions: Bounded[Principal] = Bounded(capacity)
        self._shared: Bounded[bool] = Bounded(MAX_SHARED)
        self._of_account: OrderedDict[str, deque[bytes]] = OrderedDict()
        self.cookie_names: set[bytes] = set()
        """Names of cookies that were seen to hold a session."""

    def __len__(self) -> int:
        return len(self._sessions)

    def hash(self, token: bytes) -> bytes:
        """Return the keyed hash by which a token is known."""
        return hashlib.blake2b(token, key=self._pepper, digest_size=16).digest()

    def account(self, token: bytes, now_s: float) -> Principal | None:
        """Return the account that logged in with this token, or None."""
        return self._sessions.get(self.hash(token), now_s)

    def unknown(self, token: bytes) -> Principal:
        """Return who shows a token that nobody here can check: the same token is the same principal."""
        return Principal(PrincipalKind.TOKEN, self.hash(token).hex()[:24])

    def remember(self, token: bytes, account: str, now_s: float) -> None:
        """Keep that `token` was given to `account`. What is given to two accounts is no session and never counts."""
        digest = self.hash(token)
        held = self._sessions.get(digest, now_s)
        if self._shared.get(digest, now_s) or (held is not None and held.id != account):
            self._sessions.drop(digest)
            self._shared.put(digest, value=True, until_s=now_s + self._life_s)
            return
        principal = Principal(PrincipalKind.USER, account, account, expires_s=now_s + self._life_s)
        self._sessions.put(digest, principal, now_s + self._life_s)
        own = self._of_account.setdefault(account, deque())
        self._of_account.move_to_end(account)
        if digest not in own:
            own.append(digest)
        if len(own) > MAX_PER_ACCOUNT:
            self._sessions.drop(own.popleft())
        if len(self._of_account) > self._capacity:
            self._of_account.popitem(last=False)

    def name_cookie(self, name: bytes) -> None:
        """Note that cookies of that name hold sessions."""
        if len(self.cookie_names) < MAX_COOKIE_NAMES and len(name) <= 100:
            self.cookie_names.add(name)

    def forget(self, token: bytes) -> None:
        """Forget a session, as after a log-out."""
        digest = self.hash(token)
        principal = self._sessions.drop(digest)
        own = self._of_account.get(principal.id) if principal else None
        if own and digest in own:
            own.remove(digest)
