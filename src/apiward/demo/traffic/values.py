"""One simulated request with its answer, and the truth about it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from apiward.core.principal import Principal

Pairs = tuple[tuple[bytes, bytes], ...]
"""Header names in lower case, in their order, as ASGI gives them."""


class Kind(StrEnum):
    """What the one who sends it is about. Those of ATTACKS mean harm; all others are ordinary use."""

    LOG_IN = "log-in"
    USE = "use"
    """People with what is theirs."""
    COLLEAGUE = "colleague"
    """With what belongs to somebody of the same tenant."""
    SHARED = "shared"
    """With what was shared with them by name."""
    LINK = "link"
    """With what a link opens to everybody who has it."""
    DEEP = "deep"
    """One's own or a colleague's, from a bookmark, a mail or a notice: no list came before."""
    PUBLIC = "public"
    STALE = "stale"
    """By an old bookmark: it is gone, or was never there."""
    RETRY = "retry"
    """The same request once more: the app heard no answer."""
    STAFF = "staff"
    GUEST = "guest"
    IMPORT = "import"
    """A machine that writes for many."""

    STOLEN_OBJECT = "stolen-object"
    FOREIGN_WRITE = "foreign-write"
    ENUMERATION_FAST = "enumeration-fast"
    ENUMERATION_SLOW = "enumeration-slow"
    STUFFING = "stuffing"
    TOKEN_THEFT = "token-theft"
    SCRAPING = "scraping"
    CARDING = "carding"
    COUPONS = "coupons"
    PROBING = "probing"
    FORMER_MEMBER = "former-member"
    """Who left a tenant opens its objects by old bookmarks."""
    TEACH_OWNERSHIP = "teach-ownership"
    TEACH_SHAPE = "teach-shape"
    TEACH_ROLE = "teach-role"
    SPRAYING = "spraying"
    CRACKING = "cracking"
    TAKEOVER = "takeover"
    DORMANT = "dormant"
    KEY_THEFT = "key-theft"
    KEY_MISUSE = "key-misuse"
    CODES = "codes"
    SCALPING = "scalping"
    EXPORT = "export"
    SKIPPING = "skipping"
    OLD_VERSION = "old-version"
    OVERLOAD = "overload"
    INJECTION = "injection"
    INWARD = "inward"
    STORM = "storm"
    ROLE_TAKEN = "role-taken"
    OPENED = "opened"
    SILENCE = "silence"
    CLOCK = "clock"


ATTACKS: Final = frozenset(
    {
        Kind.STOLEN_OBJECT, Kind.FOREIGN_WRITE, Kind.ENUMERATION_FAST, Kind.ENUMERATION_SLOW, Kind.STUFFING,
        Kind.TOKEN_THEFT, Kind.SCRAPING, Kind.CARDING, Kind.COUPONS, Kind.PROBING, Kind.FORMER_MEMBER,
        Kind.TEACH_OWNERSHIP, Kind.TEACH_SHAPE, Kind.TEACH_ROLE, Kind.SPRAYING, Kind.CRACKING, Kind.TAKEOVER,
        Kind.DORMANT, Kind.KEY_THEFT, Kind.KEY_MISUSE, Kind.CODES, Kind.SCALPING, Kind.EXPORT, Kind.SKIPPING,
        Kind.OLD_VERSION, Kind.OVERLOAD, Kind.INJECTION, Kind.INWARD, Kind.STORM, Kind.ROLE_TAKEN, Kind.OPENED,
        Kind.SILENCE, Kind.CLOCK,
    }
)  # fmt: skip


class Relation(StrEnum):
    """By which right the caller reaches the object. FOREIGN is none at all; NONE: it is about no single object."""

    NONE = "none"
    OWN = "own"
    MATE = "mate"
    NAMED = "named"
    LINK = "link"
    STAFF = "staff"
    KEY = "key"
    PUBLIC = "public"
    MISSING = "missing"
    """There is no such object, or not any more."""
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Truth:
    """What really goes on. Nobody at the guard knows this.

    `actor` is who sits there ("user:7", "key:ledger", "guest:31", "attacker:2"), whatever credential is shown; `owner`
    and `tenant` are the object's. `is_rightful` is False for every step that means harm or reaches for what is foreign.
    `was_used` says whether the owner, a colleague, or somebody who was named had sent or been shown the id since the
    first day: whose an object is that only machines and staff have touched can be known by the answer alone.
    """

    kind: Kind
    actor: str
    operation: str
    relation: Relation = Relation.NONE
    is_rightful: bool = True
    object_type: str = ""
    object_id: str = ""
    owner: str = ""
    tenant: str = ""
    was_used: bool = False
    is_write: bool = False

    @property
    def is_attack(self) -> bool:
        """Whether it means harm."""
        return self.kind in ATTACKS

    @property
    def is_foreign(self) -> bool:
        """Whether it reaches for an object to which the caller has no right."""
        return self.relation is Relation.FOREIGN


@dataclass(frozen=True, slots=True)
class Step:
    """One request, its answer, and the truth.

    `target` is path and query as they are sent, `principal` what the credential stands for, `address` where it is from.
    """

    at_s: float
    method: str
    target: str
    headers: Pairs = field(repr=False)
    address: str
    body: bytes = field(repr=False)
    status: int
    answer_headers: Pairs = field(repr=False)
    answer: bytes = field(repr=False)
    principal: Principal = field(repr=False)
    truth: Truth

    @property
    def is_success(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300
