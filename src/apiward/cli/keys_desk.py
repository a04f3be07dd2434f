"""What `apiward keys` does: a key goes to stdout and nowhere else, all talk to stderr."""

import json
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from apiward.access.keys.form import is_label
from apiward.access.keys.scopes import MAX_SCOPES, Scope
from apiward.access.keys.values import DAY_S, ApiKey, parse_networks
from apiward.app.guarding.keys import KeyDesk, Wish, key_state
from apiward.app.guarding.place import Place
from apiward.app.guarding.telling import tell
from apiward.cli.columns import in_columns
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import settings
from apiward.cli.speaking import say, write_out
from apiward.config.errors import AdvisedError, nearest
from apiward.config.guarding import GuardConfig
from apiward.core.lanes import AuditKind
from apiward.guard.wire.framing import METHODS_ELSEWHERE
from apiward.prove.neutral import one_line

SCHEMA: Final = "apiward.keys/1"
MAX_NAME: Final = 100
_COLUMNS: Final = ("id", "name", "roles", "scopes", "expires", "last used", "state")


@dataclass(frozen=True, slots=True)
class _Desk:
    """The desk of one guard, with its settings and the time at which the command began."""

    keys: KeyDesk
    config: GuardConfig
    now_s: float


def new_key(given: Mapping[str, object]) -> int:
    """Make a key; it goes to stdout. Raises AdvisedError."""
    desk = _desk(given)
    days = _number(given, "days")
    wish = Wish(
        name=_name(str(given["name"])),
        prefix=desk.config.authenticate.key_prefix,
        env=_env(str(given["env"])),
        life_s=days * DAY_S if days else None,
        scopes=_scopes(_texts(given, "scopes")),
        roles=_texts(given, "roles"),
        networks=_networks(_texts(given, "networks")),
    )
    key, text = desk.keys.new(wish)
    write_out(f"{text}\n")
    _record(desk, f"The API key {key.id} for {one_line(key.name)} was made.")
    say(f"The key {key.id} for {one_line(key.name)} is made. It is shown this once: only its hash is kept.")
    _say_how(desk, key)
    for hint in _role_hints(desk.config, wish.roles):
        say(hint)
    return ExitCode.HOLDS


def list_keys(given: Mapping[str, object]) -> int:
    """List all keys. Raises AdvisedError."""
    desk = _desk(given)
    keys = desk.keys.listed()
    if given.get("form") == "json":
        document = {"schema": SCHEMA, "keys": [_entry(key, desk.now_s) for key in keys]}
        write_out(json.dumps(document, indent=2) + "\n")
    elif keys:
        write_out("".join(f"{line}\n" for line in in_columns(_COLUMNS, (_row(key, desk.now_s) for key in keys))))
    else:
        say(f"{desk.keys.path} holds no keys. Make one: apiward keys new NAME")
    return ExitCode.HOLDS


def rotate_key(given: Mapping[str, object]) -> int:
    """Give a key a new secret; it goes to stdout. Raises AdvisedError."""
    desk = _desk(given)
    overlap, days = _number(given, "overlap_days"), _number(given, "days")
    key, text = desk.keys.rotate(str(given["key_id"]), overlap_s=overlap * DAY_S, life_s=days * DAY_S if days else None)
    write_out(f"{text}\n")
    _record(desk, f"The API key {key.id} for {one_line(key.name)} got a new secret.")
    say(f"The key {key.id} for {one_line(key.name)} has a new secret. It is shown this once.")
    until_s = key.secrets[-1].until_s
    if until_s is not None and until_s > desk.now_s:
        say(f"The old one is good until {_time(until_s)}. Exchange it wherever it is used.")
    else:
        say("The old one is not good any more.")
    _say_how(desk, key)
    return ExitCode.HOLDS


def revoke_key(given: Mapping[str, object]) -> int:
    """Take a key back. Raises AdvisedError."""
    desk = _desk(given)
    key = desk.keys.revoke(str(given["key_id"]))
    _record(desk, f"The API key {key.id} for {one_line(key.name)} was taken back.")
    say(f"The key {key.id} for {one_line(key.name)} is taken back. Nobody can use it any more.")
    return ExitCode.HOLDS


def _desk(given: Mapping[str, object]) -> _Desk:
    file, config = settings(given)
    data = given.get("data")
    folder = Path(str(data)) if data else Place.of(file, config).data
    now_s = float(int(time.time()))
    return _Desk(KeyDesk(folder, random_bytes=secrets.token_bytes, now_s=now_s), config, now_s)


def _record(desk: _Desk, said: str) -> None:
    if not tell(desk.keys.path.parent, said, kind=AuditKind.ADMINISTRATION, now_s=desk.now_s):
        say("This could not be put into the audit record: its waiting room is full, or the disk is.")


def _say_how(desk: _Desk, key: ApiKey) -> None:
    say(f"Callers send it in the header {one_line(desk.config.authenticate.key_header)}.")
    say(f"It may reach {_listed(scope.text for scope in key.scopes) or 'everything that the rules allow'}.")
    if key.networks:
        say(f"It is good from {_listed(map(str, key.networks))} only.")
    say(f"It ends on {_day(key.expires_s)}." if key.expires_s is not None else "It never ends. Better give it --days.")
    say(f"It is kept in {desk.keys.path}. A guard that runs knows it within seconds.")


def _role_hints(config: GuardConfig, roles: Iterable[str]) -> Iterator[str]:
    """Say which roles no setting speaks of: most likely they are misspelt."""
    permit = config.permit
    known = {role.name for role in permit.roles} | {name for rule in permit.rules for name in rule.roles}
    known |= {name for plan in config.quota.plans for name in plan.roles}
    for role in roles:
        if known and role not in known:
            yield f"No setting speaks of the role {role[:40]!a}. {nearest(role, tuple(sorted(known)))}"


def _name(typed: str) -> str:
    name = typed.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise AdvisedError(
            f"{typed[:40]!a} cannot be the name of a key.",
            f"A name has 1 to {MAX_NAME} letters, without control characters.",
            "Say who will use it: apiward keys new 'partner shop'",
        )
    return name


def _scopes(typed: tuple[str, ...]) -> tuple[str, ...]:
    if len(typed) > MAX_SCOPES:
        raise AdvisedError(f"A key has at most {MAX_SCOPES} scopes.", "", "Use * and ** in their paths.")
    for text in typed:
        try:
            scope = Scope.parse(text)
        except ValueError as error:
            raise AdvisedError(f"--scope {text[:60]!a} cannot be used.", f"{error}.") from None
        strange = sorted(scope.methods - METHODS_ELSEWHERE - {"*"})
        if strange:
            why = f"{strange[0][:20]} is no method. {nearest(strange[0], tuple(sorted(METHODS_ELSEWHERE)))}"
            raise AdvisedError(f"--scope {text[:60]!a} cannot be used.", why)
    return typed


def _networks(typed: tuple[str, ...]) -> tuple[str, ...]:
    for text in typed:
        try:
            parse_networks((text,))
        except ValueError:
            why = "A network is written as 203.0.113.0/24, a single address as 203.0.113.7."
            raise AdvisedError(f"--network {text[:60]!a} cannot be used.", why) from None
    return typed


def _env(typed: str) -> str:
    if not is_label(typed):
        why = "It has 2 to 12 small letters and digits, the first a letter."
        raise AdvisedError(f"--env {typed[:40]!a} cannot be used.", why, "Usual are live and test.")
    return typed


def _row(key: ApiKey, now_s: float) -> tuple[str, ...]:
    use = key.last_use
    return (
        key.id,
        key.name,
        _listed(sorted(key.roles)) or "-",
        _listed(scope.text for scope in key.scopes) or "all",
        "never" if key.expires_s is None else _day(key.expires_s),
        "never" if use is None else f"{_time(use.at_s)} from {use.address}" + (" (old secret)" * use.is_old_secret),
        str(key_state(key, now_s)),
    )


def _entry(key: ApiKey, now_s: float) -> dict[str, object]:
    use = key.last_use
    last = use and {"at_s": use.at_s, "address": use.address, "request": use.operation, "old_secret": use.is_old_secret}
    old = [one.until_s for one in key.secrets if one.until_s is not None and now_s < one.until_s]
    return {
        "id": key.id,
        "name": key.name,
        "env": key.env,
        "state": str(key_state(key, now_s)),
        "roles": sorted(key.roles),
        "scopes": [scope.text for scope in key.scopes],
        "networks": [str(network) for network in key.networks],
        "created_s": key.created_s,
        "expires_s": key.expires_s,
        "old_secret_until_s": max(old, default=None),
        "last_use": last,
    }


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts)


def _day(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).date().isoformat()


def _time(at_s: float) -> str:
    return f"{datetime.fromtimestamp(at_s, UTC):%Y-%m-%d %H:%M} UTC"


def _texts(given: Mapping[str, object], name: str) -> tuple[str, ...]:
    found = given.get(name)
    return tuple(map(str, found)) if isinstance(found, tuple) else ()


def _number(given: Mapping[str, object], name: str) -> int:
    found = given.get(name)
    return found if isinstance(found, int) else 0
