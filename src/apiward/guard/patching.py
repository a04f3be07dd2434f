"""Patches: rules for one operation each, made from a finding or written by the owner, with a reason and an end."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from apiward.core.api import Api
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, parse_json
from apiward.core.settings import setting

MAX_PATTERN: Final = 500
_PLACES: Final = ("body", "query", "path", "header")


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


class PatchError(ValueError):
    """A patch that cannot be used: which one, which key, and why."""


_NEEDS: Final[Mapping[PatchKind, tuple[str, ...]]] = {
    PatchKind.REQUIRE_PRINCIPAL: (),
    PatchKind.REQUIRE_ROLE: ("roles",),
    PatchKind.PROPERTY_ABSENT: ("target",),
    PatchKind.PROPERTY_FIXED: ("target", "value"),
    PatchKind.PARAMETER_PATTERN: ("target", "pattern"),
    PatchKind.PARAMETER_MAX: ("target", "most"),
    PatchKind.METHOD_OFF: (),
    PatchKind.OWN_OBJECT: ("target",),
}
_ALLOWED: Final[Mapping[PatchKind, tuple[str, ...]]] = {
    **_NEEDS,
    PatchKind.OWN_OBJECT: ("target", "claim", "roles"),
}
_DETAILS: Final = ("target", "roles", "pattern", "most", "value", "claim")
_BODY_ONLY: Final = frozenset({PatchKind.PROPERTY_ABSENT, PatchKind.PROPERTY_FIXED})


@dataclass(frozen=True, slots=True)
class Patch:
    """One rule. `operation` is its key or "METHOD /path"; `target` is a place ("body.items.price", "path.id").

    Which of the other fields belong to it depends on `kind`; `roles` of an own-object patch may reach
    all objects. Raises PatchError (a ValueError) where something is missing, too much, or wrong.
    """

    id: str = setting("", "A name for the patch, which stands in the log.")
    operation: str = setting("", 'The operation that it holds for, such as "PATCH /users/{id}".')
    kind: PatchKind = setting(PatchKind.METHOD_OFF, "What it asks of a request.")  # noqa: RUF009 - a field, as all are
    finding: str = setting("", "The finding that it answers.")
    owner: str = setting("", "Who answers for it.")
    reason: str = setting("", "Why it is there.")
    expires: str = setting("", "When it ends, such as 2027-01-31 or 2027-01-31T12:00:00Z; empty for never.")
    target: str = setting("", "The place that it looks at, such as body.role, query.limit or path.id.")
    roles: tuple[str, ...] = setting((), "Roles of which a caller must have one.")
    pattern: str = setting("", "What the whole value must match.")
    most: float = setting(float("nan"), "The largest number, or the most characters of a text.")
    value: str = setting("", 'The only value that is taken, as JSON ("user" with its marks, 1, true).')
    claim: str = setting("", "The claim of the caller that must equal the id; empty for the caller's own id.")

    def __post_init__(self) -> None:
        """Check the whole."""
        if not self.id:
            raise PatchError("patch: id is missing")
        method, _, path = self.operation.partition(" ")
        if not (method.isalpha() and method.isupper() and path.startswith("/")):
            raise self._error("operation", f'{self.operation!r} is none; write it as "PATCH /users/{{id}}"')
        self._check_details()
        if self.target:
            self._check_target()
        if len(self.pattern) > MAX_PATTERN:
            raise self._error("pattern", f"is longer than {MAX_PATTERN} characters")
        if self.kind is PatchKind.PROPERTY_FIXED and isinstance(self.fixed_value, NotJson):
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

    @property
    def place(self) -> str:
        """Where the target stands: body, query, path or header."""
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
            if value in ("", ()) or (one.name == "most" and value != value):  # noqa: PLR0124 - NaN is unequal to itself
                continue
            found[one.name] = list(value) if isinstance(value, tuple) else str(value) if one.name == "kind" else value
        return found

    def _check_details(self) -> None:
        given = [name for name in _DETAILS if self._is_given(name)]
        missing = [name for name in _NEEDS[self.kind] if name not in given]
        if missing:
            raise self._error(missing[0], f"is missing: a {self.kind} patch needs it")
        extra = [name for name in given if name not in _ALLOWED[self.kind]]
        if extra:
            raise self._error(extra[0], f"does not belong to a {self.kind} patch")

    def _check_target(self) -> None:
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
    return Patch(**{key: _read(name, key, value) for key, value in given.items()})  # type: ignore[arg-type]


def _read(patch: str, key: str, value: object) -> object:
    if key == "kind":
        try:
            return PatchKind(str(value))
        except ValueError:
            raise PatchError(f"patch {patch}: kind: {value!r} is none of {', '.join(PatchKind)}") from None
    if key == "roles":
        if isinstance(value, list | tuple) and all(isinstance(role, str) for role in value):
            return tuple(value)
        raise PatchError(f"patch {patch}: roles: must be a list of texts")
    if key == "most":
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        raise PatchError(f"patch {patch}: most: must be a number")
    if key == "expires" and not isinstance(value, str):
        return _moment(patch, value)
    if key == "value" and not isinstance(value, str):
        return json.dumps(value)
    if not isinstance(value, str):
        raise PatchError(f"patch {patch}: {key}: must be a text")
    return value


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
