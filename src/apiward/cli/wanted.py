"""What a person wants of a scan: the options, and apiward.toml where an option is not given."""

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from apiward.cli.addresses import address_of
from apiward.cli.parameters import TypedAccount
from apiward.config.errors import AdvisedError
from apiward.config.names import FILE_NAME
from apiward.config.scanning import LEVELS, ScanConfig, load_config
from apiward.core.account import Account
from apiward.core.exchange import Headers
from apiward.scan.level import Level

_T = TypeVar("_T")
MAX_SEED: Final = 2**31
_NO_HEADERS: Final[Headers] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything about reaching and scanning one API. `seed` is chosen where nobody gave one."""

    url: str
    spec: str
    also: tuple[str, ...]
    config_path: str
    level: Level | None
    accounts: tuple[Account, ...]
    rate_per_s: float | None
    connections: int | None
    budget: int | None
    patience_s: float
    listen: str
    only: tuple[str, ...]
    skip: tuple[str, ...]
    operations: tuple[str, ...]
    is_allowed: bool
    is_insecure: bool
    is_stated: bool
    headers: Headers
    seed: int
    fail_on: str
    baseline: str
    uses_roles: bool


def wanted(given: Mapping[str, object], url: str | None, *, env: Mapping[str, str] | None = None) -> Wanted:
    """Join the options `given` (by click's names) with the settings file; options win. Raises AdvisedError."""
    path, config = _config(_as(given.get("config"), str, ""), os.environ if env is None else env)
    address = url or config.url
    if not address:
        raise AdvisedError(
            "The address of the API is missing.",
            "",
            f"Write: apiward scan http://localhost:8000 (or url in {FILE_NAME})",
        )
    level = _as(given.get("level"), str, "")
    return Wanted(
        url=address_of(address),
        spec=_as(given.get("spec"), str, config.spec),
        also=_as(given.get("also"), tuple, config.also),
        config_path=path,
        level=LEVELS[level] if level else config.level,
        accounts=tuple(typed.account for typed in typed_accounts(given)) or config.accounts,
        rate_per_s=_as(given.get("rate"), float, config.rate),
        connections=_as(given.get("connections"), int, config.connections),
        budget=_as(given.get("budget"), int, config.budget),
        patience_s=_as(given.get("patience"), float, config.patience) or 0.0,
        listen=_as(given.get("listen"), str, config.listen),
        only=_as(given.get("only"), tuple, config.only),
        skip=_as(given.get("skip"), tuple, config.skip),
        operations=_as(given.get("operations"), tuple, config.operations),
        is_allowed=_as(given.get("allow"), bool, config.allow),
        is_insecure=_as(given.get("insecure"), bool, config.insecure),
        is_stated=given.get("i_have_permission") is True,
        headers=(*config.headers, *_as(given.get("headers"), tuple, _NO_HEADERS)),
        seed=_as(given.get("seed"), int, random.SystemRandom().randrange(MAX_SEED)),
        fail_on=_as(given.get("fail_on"), str, config.fail_on) or "high",
        baseline=_as(given.get("baseline"), str, _beside(path, config.baseline)),
        uses_roles=given.get("use_roles") is True,
    )


def typed_accounts(given: Mapping[str, object]) -> tuple[TypedAccount, ...]:
    """Return the accounts of the command line."""
    found = given.get("accounts")
    return tuple(typed for typed in found if isinstance(typed, TypedAccount)) if isinstance(found, tuple) else ()


def _config(named: str, env: Mapping[str, str]) -> tuple[str, ScanConfig]:
    if named:
        return named, load_config(Path(named), env)
    usual = Path(FILE_NAME)
    return (FILE_NAME, load_config(usual, env)) if usual.is_file() else ("", ScanConfig())


def _beside(settings: str, name: str) -> str:
    """Return where a file is that the settings name: beside them, wherever the command runs."""
    return str(Path(settings).resolve().parent / name) if name else ""


def _as(value: object, kind: type[object], other: _T) -> _T:
    """Return an option's value, which click has already made `kind`, or `other` where it was not given."""
    is_given = isinstance(value, kind) and value not in ("", ())
    return value if is_given else other  # type: ignore[return-value]  # click checked the type
