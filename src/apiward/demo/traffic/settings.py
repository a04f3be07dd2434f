"""How large the simulated business is, for how long it runs, and who attacks it."""

from dataclasses import dataclass
from typing import Final

from apiward.demo.traffic.values import ATTACKS, Kind

DAY_S: Final = 86_400.0
START_S: Final = 1_799_020_800.0
"""A Monday, at midnight (4 January 2027, UTC)."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One kind of attack: from which day on, how often a day, and by how many principals together."""

    kind: Kind
    from_day: float = 3.0
    per_day: float = 1.0
    principals: int = 1
    only_used: bool = True
    """Whether it reaches only for what its owner, a colleague, or who was named has used since the first day."""

    def __post_init__(self) -> None:
        if self.kind not in ATTACKS:
            raise ValueError(f"{self.kind} is no attack")


@dataclass(frozen=True, slots=True)
class TrafficSettings:
    """What is simulated. Shares are between 0 and 1.

    `visits_per_workday` and what is done in a visit make some 25 requests for a person on a workday: people of a
    small business have a tool of this kind open once or twice a day, and do not live in it.
    """

    users: int = 60
    days: int = 14
    seed: int = 1
    attacks: tuple[Attack, ...] = ()
    sound: bool = False
    """Whether the API asks whose object it is; the weak twin serves everybody."""
    mean_tenant: float = 5.0
    visits_per_workday: float = 1.3
    never_listing: float = 0.1
    """The share of users who open everything by links and bookmarks, and never a list."""
    cross_tenant_links: float = 0.0
    """The share of all looks at single objects that are by a link which somebody of another tenant gave."""
    has_tenant_claim: bool = True
    """Whether tokens name the tenant."""
    staff_in_claims: bool = True
    """Whether tokens name the role of staff; else only `World.staff` knows them."""
    staff_share: float = 0.03
    lost_answers: float = 0.02
    """Of the requests of phones, so many are sent again because no answer came."""
    failures: float = 0.001
    """Of all requests, so many fail at the API itself."""
    role_changes: bool = True
    """Whether, in the course of time, somebody becomes staff, somebody leaves it, and somebody changes the tenant."""
    start_s: float = START_S

    def __post_init__(self) -> None:
        if self.users < 2 or self.days < 1:
            raise ValueError("at least two users and one day")
