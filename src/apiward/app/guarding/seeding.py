"""What a scan knows for sure of objects, handed to the guard: its accounts have made them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from apiward.access.ownership.seeding import seed
from apiward.app.guarding.building import kept_secret
from apiward.app.guarding.place import Place
from apiward.app.guarding.source import ROWS_OF_OBJECT
from apiward.config.guarding import GuardConfig
from apiward.core.account import Account
from apiward.core.objects import KnownObject
from apiward.scan.ownership.objects import OwnedObject
from apiward.stores.ownership.shared import SharedFacts

_NAMING: Final = ("id", "user_id", "uuid", "sub", "email", "username", "login", "handle", "name")


def known_objects(objects: Iterable[OwnedObject], accounts: Iterable[Account]) -> Iterator[KnownObject]:
    """Yield the objects that accounts of a scan have made, with the names under which their owners call."""
    by_name: Mapping[str, Account] = {account.name: account for account in accounts}
    for one in objects:
        account = by_name.get(one.owner)
        ids = next((one.names[key] for key in _id_keys(one) if one.names.get(key)), ())
        if account is None or one.is_account or one.maker is None or not ids:
            continue
        yield KnownObject(one.collection, str(ids[0]), names_of(account))


def names_of(account: Account) -> tuple[str, ...]:
    """Return the names under which an account calls: its log-in, and what the API says of it."""
    facts = {key.lower(): value for key, value in account.facts.items()}
    said = (facts.get(key) for key in _NAMING)
    texts = [str(value) for value in said if isinstance(value, str | int) and not isinstance(value, bool)]
    return tuple(dict.fromkeys(text for text in (account.username, *texts) if text))


def seed_guard(
    place: Place, config: GuardConfig, objects: Iterable[OwnedObject], accounts: Iterable[Account], now_s: float
) -> int:
    """Write what a scan knows into the facts of a guard, which may run; return how many objects. Raises OSError."""
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = SharedFacts(place.data / "objects", most=ROWS_OF_OBJECT * config.objects.most_objects)
    try:
        return seed(known_objects(objects, accounts), facts, kept_secret(place.data, "pepper"), now_s)
    finally:
        facts.close()


def _id_keys(one: OwnedObject) -> tuple[str, ...]:
    return (f"{one.noun}id", f"{one.noun}uuid", f"{one.noun}slug", "id", "uuid", "slug", one.noun)
