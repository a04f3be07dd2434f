"""Patches: rules for one operation each, made from a finding or written by the owner, with a reason and an end."""

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from apiward.core.api import Api
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, parse_json
from apiward.core.settings import setting
from apiward.guard.selecting import selector
from apiward.guard.stage import StageName

MAX_PATTERN: Final = 500
_PLACES: Final = ("body", "query", "path", "header")
_METHOD: Final = re.compile(r"[A-Z]+|\*")


class PatchKind(StrEnum):
    """What a patch asks of a request. The list is closed."""

    REQUIRE_PRINCIPAL = "require-principal"
    REQUIRE_ROLE = "require-role"
    PROPERTY_ABSENT = "property-absent"
    PROPERTY_FIXED = "property-fixed"
    PARAMETER_PATTERN = "parameter-pattern"
    PARAMETER_MAX = "parameter-max"
    METHOD_OFF = "method-off"
    OWN_OBJECT = "own-object"
    PROPERTIES_ONLY = "properties-only"
    CREDENTIAL_ISSUED = "credential-issued"
    ENDS_SESSIONS = "ends-sessions"
    ANSWER_WITHOUT = "answer-without"
    SAME_ANSWER = "same-answer"
    STAGES_ON = "stages-on"


class PatchError(ValueError):
    """A patch that cannot be used: which one, which key, and why."""


_NEEDS: Final[Mapping[PatchKind, tuple[str, ...]]] = {
    PatchKind.REQUIRE_PRINCIPAL: (),
    PatchKind.REQUIRE_ROLE: (),
    PatchKind.PROPERTY_ABSENT: ("target",),
    PatchKind.PROPERTY_FIXED: ("target", "value"),
    PatchKind.PARAMETER_PATTERN: ("target", "pattern"),
    PatchKind.PARAMETER_MAX: ("target", "most"),
    PatchKind.METHOD_OFF: (),
    PatchKind.OWN_OBJECT: ("target",),
    PatchKind.PROPERTIES_ONLY: ("names",),
    PatchKind.CREDENTIAL_ISSUED: (),
    PatchKind.ENDS_SESSIONS: (),
    PatchKind.ANSWER_WITHOUT: ("target",),
    PatchKind.SAME_ANSWER: ("statuses", "status", "value"),
    PatchKind.STAGES_ON: ("stages",),
}
_ALLOWED: Final[Mapping[PatchKind, tuple[str, ...]]] = {
    **_NEEDS,
    PatchKind.REQUIRE_ROLE: ("roles", "principals"),
    PatchKind.OWN_OBJECT: ("target", "claim", "roles", "principals"),
    PatchKind.SAME_ANSWER: ("statuses", "status", "value", "every"),
}
_DETAILS: Final = (
    "target", "roles", "principals", "pattern", "most", "value", "claim", "names", "stages", "statuses", "status",
    "every",
)  # fmt: skip
_LISTS: Final = {"roles": str, "principals": str, "names": str, "stages": str, "statuses": int}
_PLAIN: Final = {
    "most": (int | float, "a number"),
    "status": (int, "a whole number"),
    "every": (bool, "true or false"),
}
_BODY_ONLY: Final = frozenset({PatchKind.PROPERTY_ABSENT, PatchKind.PROPERTY_FIXED})
_ANYWHERE: Final = frozenset({PatchKind.METHOD_OFF, PatchKind.CREDENTIAL_ISSUED, PatchKind.STAGES_ON})
"""Kinds that may hold for many operations at once, and for what nobody described."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One rule. `operation` is its key or "METHOD /path"; `target` is a place ("body.items.price", "path.id").

    Which of the other fields belong to it depends on `kind`; `roles` of an own-object patch may reach
    all objects. Raises PatchError (a ValueError) where something is missing, too much, or wrong.
    """

    id: str = setting("", "A name for the patch, which stands in the log.")
    operation: str = setting(
        "", 'The operation that it holds for, such as "PATCH /users/{id}"; for some kinds also "* /v1/**".'
    )
    kind: PatchKind = setting(PatchKind.METHOD_OFF, "What it asks of a request.")  # noqa: RUF009 - a field, as all are
    finding: str = setting("", "The finding that it answers.")
    owner: str = setting("", "Who answers for it.")
    reason: str = setting("", "Why it is there.")
    expires: str = setting("", "When it ends, such as 2027-01-31 or 2027-01-31T12:00:00Z; empty for never.")
    target: str = setting("", "The place that it looks at, such as body.role, query.limit or path.id.")
    roles: tuple[str, ...] = setting((), "Roles of which a caller must have one.")
    principals: tuple[str, ...] = setting((), "Single callers who may as well, as events name them ('user:anna').")
    pattern: str = setting("", "What the whole value must match.")
    most: float = setting(float("nan"), "The largest number, or the most characters of a text.")
    value: str = setting("", 'The only value that is taken, as JSON ("user" with its marks, 1, true).')
    claim: str = setting("", "The claim of the caller that must equal the id; empty for the caller's own id.")
    names: tuple[str, ...] = setting((), "The only properties that the body may have, such as title or owner.name.")
    stages: tuple[str, ...] = setting((), "Stages of the guard that enforce here, whatever their mode is elsewhere.")
    statuses: tuple[int, ...] = setting((), "Statuses of the answers that are made alike.")
    status: int = setting(0, "The one status that they all get.", least=0, most=599)
    every: bool = setting(default=False, help_text="Make good answers alike too, and not only those that say no.")

    def __post_init__(self) -> None:
        """Check the whole."""
        if not self.id:
            raise PatchError("patch: id is missing")
        method, _, path = self.operation.partition(" ")
        if not (_METHOD.fullmatch(method) and path.startswith("/")):
            raise self._error("operation", f'{self.operation!r} is none; write it as "PATCH /users/{{id}}"')
        if self.is_wide:
            self._check_wide()
        self._check_details()
        if self.target:
            self._check_target()
        if len(self.pattern) > MAX_PATTERN:
            raise self._error("pattern", f"is longer than {MAX_PATTERN} characters")
        if "value" in _NEEDS[self.kind] and isinstance(self.fixed_value, NotJson):
            raise self._error("value", f"{self.value!r} is no JSON; texts need their marks")
        _ = self.expires_s

    @property
    def expires_s(self) -> float | None:
        """When it ends, in seconds since the epoch, or None. Without a zone, UTC is meant."""
        if not self.expires:
            return None
        try:
            moment = datetime.fromisoformat(self.expires)
        except ValueError:
            raise self._error("expires", f"{self.expires!r} is no date; write 2027-01-31") from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

    def has_ended(self, now_s: float) -> bool:
        """Whether its time is over."""
        return self.expires_s is not None and now_s >= self.expires_s

    @property
    def is_wide(self) -> bool:
        """Whether it is for many operations: `* /v1/**`."""
        return "*" in self.operation

    @property
    def place(self) -> str:
        """Where the target stands: body, query, path, header or answer."""
        return self.target.partition(".")[0]

    @property
    def name(self) -> str:
        """The target without its place."""
        return self.target.partition(".")[2]

    @property
    def fixed_value(self) -> Json | NotJson:
        """The only value that is taken."""
        return parse_json(self.value) if self.value else NOT_JSON

    def as_mapping(self) -> dict[str, object]:
        """Return the patch as plain data for TOML or JSON; what is not set is left out."""
        found: dict[str, object] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if value in ("", (), 0) or (one.name == "most" and value != value):  # noqa: PLR0124 - NaN is unequal to itself
                continue
            found[one.name] = list(value) if isinstance(value, tuple) else str(value) if one.name == "kind" else value
        return found

    def _check_wide(self) -> None:
        if self.kind not in _ANYWHERE:
            raise self._error("operation", f"a {self.kind} patch is for one operation, without *")
        try:
            selector(self.operation)
        except ValueError as error:
            raise self._error("operation", str(error)) from None

    def _check_details(self) -> None:
        given = [name for name in _DETAILS if self._is_given(name)]
        missing = [name for name in _NEEDS[self.kind] if name not in given]
        if self.kind is PatchKind.REQUIRE_ROLE and not (self.roles or self.principals):
            missing = ["roles"]
        if missing:
            raise self._error(missing[0], f"is missing: a {self.kind} patch needs it")
        unknown = [name for name in self.stages if name not in frozenset(StageName)]
        if unknown:
            raise self._error("stages", f"{unknown[0]!r} is no stage; the stages are {', '.join(StageName)}")
        extra = [name for name in given if name not in _ALLOWED[self.kind]]
        if extra:
            raise self._error(extra[0], f"does not belong to a {self.kind} patch")

    def _check_target(self) -> None:
        if self.kind is PatchKind.ANSWER_WITHOUT:
            if self.place != "answer" or not self.name:
                raise self._error("target", f"{self.target!r} is no place in an answer; write answer.user.password")
            return
        if self.place not in _PLACES or not self.name:
            raise self._error(
                "target", f"{self.target!r} is no place; write body.role, query.limit, path.id or header.x"
            )
        if self.kind in _BODY_ONLY and self.place != "body":
            raise self._error("target", f"a {self.kind} patch looks at the body; write body.{self.name}")
        if self.kind is PatchKind.OWN_OBJECT and self.place != "path":
            raise self._error("target", f"an {self.kind} patch looks at the path; write path.{self.name}")

    def _is_given(self, name: str) -> bool:
        value = getattr(self, name)
        return value == value if name == "most" else bool(value)  # noqa: PLR0124 - NaN is unequal to itself

    def _error(self, key: str, message: str) -> PatchError:
        return PatchError(f"patch {self.id}: {key}: {message}")


def is_described(patch: Patch, api: Api | None) -> bool:
    """Whether a patch names an operation of the description; without one, whatever it names counts as known."""
    return api is None or any(patch.operation in (one.key, f"{one.method} {one.path}") for one in api.operations)


def operation_key(patch: Patch, api: Api | None) -> str:
    """Return the key of the operation that a patch names. Raises PatchError where there is none."""
    if api is None:
        return patch.operation
    known = {f"{operation.method} {operation.path}": operation.key for operation in api.operations}
    known |= {operation.key: operation.key for operation in api.operations}
    if patch.operation in known:
        return known[patch.operation]
    near = difflib.get_close_matches(patch.operation, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise PatchError(f"patch {patch.id}: operation: the description has no {patch.operation!r}{hint}")


def read_patch(given: Mapping[str, object]) -> Patch:
    """Return the patch that `given` (from TOML or JSON) describes. Raises PatchError for all that is not right."""
    name = str(given.get("id", "?"))[:80]
    known = {one.name for one in fields(Patch)}
    unknown = [key for key in given if key not in known]
    if unknown:
        raise PatchError(f"patch {name}: {unknown[0]}: there is no such key; there are {', '.join(sorted(known))}")
    return Patch(**{key: _read(name, key, value) for key, value in given.items()})  # type: ignore[arg-type] # by name


def _read(patch: str, key: str, value: object) -> object:
    if key == "kind":
        try:
            return PatchKind(str(value))
        except ValueError:
            raise PatchError(f"patch {patch}: kind: {value!r} is none of {', '.join(PatchKind)}") from None
    if key in _LISTS:
        if isinstance(value, list | tuple) and all(type(one) is _LISTS[key] for one in value):
            return tuple(value)
        raise PatchError(f"patch {patch}: {key}: must be a list of {'texts' if _LISTS[key] is str else 'numbers'}")
    if key in _PLAIN:
        if isinstance(value, _PLAIN[key][0]) and isinstance(value, bool) is (key == "every"):
            return float(value) if key == "most" else value
        raise PatchError(f"patch {patch}: {key}: must be {_PLAIN[key][1]}")
    return _read_text(patch, key, value)


def _read_text(patch: str, key: str, value: object) -> object:
    if isinstance(value, str):
        return value
    if key == "expires":
        return _moment(patch, value)
    if key == "value":
        return json.dumps(value)
    raise PatchError(f"patch {patch}: {key}: must be a text")


def _moment(patch: str, value: object) -> str:
    """Return a TOML date or time, or seconds since the epoch, as text."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC).isoformat()
        except (ValueError, OverflowError, OSError):
            raise PatchError(f"patch {patch}: expires: {value!r} is no date") from None
    raise PatchError(f"patch {patch}: expires: must be a date")
