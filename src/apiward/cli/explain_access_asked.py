"""What `apiward explain-access` does: asks the stage that decides about permission, and says what it answers."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from apiward.app.guarding.access import explain_access, permit_mode
from apiward.app.guarding.description import Known, known_api
from apiward.app.guarding.place import Place
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import settings, typed_place
from apiward.cli.speaking import say, write_out
from apiward.config.errors import AdvisedError, nearest
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Mode
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.permission.explaining import Explanation
from apiward.prove.neutral import one_line

_WORDS: Final = ("role", "scope")
_KINDS: Final = tuple(kind.value for kind in PrincipalKind)
_METHOD: Final = re.compile(r"[A-Za-z]{1,20}")
_HOW: Final = "Write it as --as 'anna,role=staff,scope=orders:read'."


def explain(given: Mapping[str, object]) -> int:
    """Say whether the caller may, and why; return 0 where they may, else 1. Raises AdvisedError."""
    who = caller_of(str(given.get("who") or ""))
    method, path = _method(str(given["method"])), str(given["path"]).partition("?")[0]
    file, config = settings(given)
    if given.get("spec"):
        config = replace(config, description=typed_place(str(given["spec"])))
    known = asyncio.run(known_api(config.upstream, config.description, Place.of(file, config).base))
    explained = explain_access(config, known.api, who, method, path)
    for line in _hints(config, known, explained, who, permit_mode(config, explained, method, path)):
        say(line)
    write_out("".join(f"{line}\n" for line in _told(explained, who, f"{method} {path}")))
    return ExitCode.HOLDS if explained.is_allowed else ExitCode.BROKEN


def caller_of(text: str) -> Principal:
    """Return who `text` names: `anna,role=staff`, `key:partner`, or nobody for an empty text. Raises AdvisedError."""
    name, *words = (part.strip() for part in text.split(","))
    kind, colon, rest = name.partition(":")
    if not colon or kind not in _KINDS:
        kind, rest = PrincipalKind.USER.value, name
    found: dict[str, set[str]] = {word: set() for word in _WORDS}
    for word in words:
        key, equals, value = word.partition("=")
        if key not in _WORDS:
            raise AdvisedError(f"--as cannot say {key[:40]!a} of a caller.", nearest(key, _WORDS), _HOW)
        if not equals or not value:
            raise AdvisedError(f"--as: {key} needs a value.", "", _HOW)
        found[key].add(value)
    if not rest or name == PrincipalKind.ANONYMOUS:
        if words:
            raise AdvisedError("--as: nobody has no roles and no scopes.", "A name is missing.", _HOW)
        return ANONYMOUS
    return Principal(
        PrincipalKind(kind),
        rest,
        rest,
        roles=frozenset(found["role"]),
        scopes=frozenset(found["scope"]),
        is_verified=True,
    )


def _method(typed: str) -> str:
    if not _METHOD.fullmatch(typed):
        raise AdvisedError(f"{typed[:40]!a} is no method.", "", "Write: apiward explain-access --as anna GET /orders/1")
    return typed.upper()


def _told(explained: Explanation, who: Principal, asked: str) -> Iterator[str]:
    name = "A caller who is not logged in" if who.is_anonymous else one_line(who.name)
    yield f"{name} {'may' if explained.is_allowed else 'may not'} {one_line(asked)}."
    yield f"  {explained.reason}"
    if explained.operation:
        yield f"  operation: {one_line(explained.operation)}"
    if explained.rule:
        yield f"  rule: {one_line(explained.rule)}"
    if explained.would_allow:
        yield "  what would allow it:"
        yield from (f"    {one_line(way)}" for way in explained.would_allow)


def _hints(config: GuardConfig, known: Known, explained: Explanation, who: Principal, mode: Mode) -> Iterator[str]:
    if known.api is None:
        yield f"There is no description: only the rules of the settings are known. {known.why}".rstrip()
    elif not explained.operation:
        yield "The description has no such operation."
    if mode is not Mode.ENFORCE:
        yield f"The stage permit is in mode {mode} there: nobody is refused for this."
    named = {role.name for role in config.permit.roles} | {name for rule in config.permit.rules for name in rule.roles}
    for role in sorted(who.roles - named):
        near = nearest(role, tuple(sorted(named))) if named else ""
        yield f"No rule speaks of the role {role[:40]!a}. {near}".rstrip()
