"""Tenants, their people, and the devices and addresses from which they come."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Final

from apiward.demo.traffic.settings import TrafficSettings
from apiward.demo.traffic.words import FAMILIES, FIRMS, FIRST_NAMES

if TYPE_CHECKING:
    from apiward.demo.traffic.callers import Caller
    from apiward.demo.traffic.things import Thing

AGENTS: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
)
PHONE_AGENTS: Final = ("FirmApp/5.2 (iPhone; iOS 26.1)", "FirmApp/5.1 (Android 16; Pixel 9)")
STALE_KEPT: Final = 8


@dataclass(slots=True, eq=False)
class Tenant:
    """One customer firm. `things` are its objects by kind, oldest first."""

    number: int
    name: str
    office: str
    users: list["User"] = field(default_factory=list)
    things: dict[str, list["Thing"]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Device:
    """One browser or phone. `addresses` are where it is used: the office, at home, on the way."""

    agent: str
    addresses: tuple[str, ...]
    is_phone: bool
    caller: "Caller | None" = None
    """Its last log-in."""


@dataclass(slots=True, eq=False)
class User:
    """One person. `inbox` are links and shares that others sent; `stale` are ids that were good once."""

    number: int
    name: str
    email: str
    password: str
    tenant: Tenant
    is_staff: bool = False
    is_raised: bool = False
    """Somebody has changed a row of the database: functions of staff believe that this is one of them."""
    lists: bool = True
    changed_s: float = 0.0
    """Since when the roles and the tenant are as they are; older tokens are good no more."""
    devices: list[Device] = field(default_factory=list)
    things: dict[str, list["Thing"]] = field(default_factory=dict)
    inbox: "deque[tuple[Thing, str]]" = field(default_factory=lambda: deque(maxlen=20))
    stale: "deque[tuple[str, str]]" = field(default_factory=lambda: deque(maxlen=STALE_KEPT))

    @property
    def actor(self) -> str:
        """How the truth names this person."""
        return f"user:{self.number}"


class Addresses:
    """Hands out addresses: from the networks for measuring (RFC 2544), and of phones behind one gate (RFC 6598)."""

    def __init__(self) -> None:
        self._count = 0

    def fixed(self) -> str:
        """Return the next line of an office or a home."""
        self._count += 1
        return f"198.{18 + (self._count >> 16 & 1)}.{self._count >> 8 & 255}.{self._count & 255}"

    @staticmethod
    def phone(rng: Random) -> str:
        """Return one of the few addresses behind which all phones of a network stand."""
        return f"100.64.0.{1 + int(rng.random() * 12)}"

    @staticmethod
    def stranger(number: int) -> str:
        """Return an address from which no customer comes (RFC 3849), each in a network of its own."""
        return f"2001:db8:{number >> 16 & 0xFFFF:x}:{number & 0xFFFF:x}::{1 + number % 5}"


def populate(settings: TrafficSettings, rng: Random, addresses: Addresses) -> tuple[list[Tenant], list[User]]:
    """Return the tenants and their people; the first tenant is the business itself, with its staff."""
    house = Tenant(1, "House", addresses.fixed())
    tenants = [house]
    staff = max(1, round(settings.users * settings.staff_share))
    users = [_user(number, house, settings, rng, addresses) for number in range(1, staff + 1)]
    for one in users:
        one.is_staff = True
    while len(users) < settings.users:
        number = len(tenants) + 1
        name = f"{FIRMS[number % len(FIRMS)]} {FAMILIES[number // len(FIRMS) % len(FAMILIES)]}"
        tenants.append(Tenant(number, name, addresses.fixed()))
        size = min(settings.users - len(users), 1 + int(rng.expovariate(1 / max(settings.mean_tenant - 0.5, 0.1))))
        users += [_user(len(users) + 1 + more, tenants[-1], settings, rng, addresses) for more in range(size)]
    return tenants, users


def _user(number: int, tenant: Tenant, settings: TrafficSettings, rng: Random, addresses: Addresses) -> User:
    first = FIRST_NAMES[number * 7 % len(FIRST_NAMES)]
    family = FAMILIES[number * 11 // len(FIRST_NAMES) % len(FAMILIES)]
    email = f"{first}.{family}{number if rng.random() < 0.5 else ''}@{tenant.name.replace(' ', '-')}.example".lower()
    user = User(
        number, f"{first} {family}", _unique(email, number, tenant), f"{family}-{rng.getrandbits(32):x}", tenant
    )
    user.lists = rng.random() >= settings.never_listing
    user.devices = list(_devices(tenant, rng, addresses))
    tenant.users.append(user)
    return user


def _unique(email: str, number: int, tenant: Tenant) -> str:
    taken = any(one.email == email for one in tenant.users)
    return email.replace("@", f".{number}@") if taken else email


def _devices(tenant: Tenant, rng: Random, addresses: Addresses) -> Iterator[Device]:
    home = addresses.fixed()
    yield Device(AGENTS[int(rng.random() * 3)], (tenant.office, tenant.office, tenant.office, home), is_phone=False)
    if rng.random() < 0.6:
        agent = PHONE_AGENTS[int(rng.random() * 2)]
        yield Device(agent, (Addresses.phone(rng), Addresses.phone(rng), tenant.office, home), is_phone=True)
    if rng.random() < 0.2:
        yield Device(AGENTS[int(rng.random() * 3)], (home,), is_phone=False)
