"""Holds holes shut until they are mended: rules for one operation each, with an owner and an end."""

import math
from dataclasses import dataclass
from typing import Final

from apiward.core.api import Operation
from apiward.core.call import Call
from apiward.core.decision import Decision, Effect
from apiward.core.settings import setting
from apiward.guard.conditions import Condition, condition
from apiward.guard.patching import Patch, operation_key
from apiward.guard.stage import Parts, StageName


@dataclass(frozen=True, slots=True)
class PatchesSettings:
    """The patches that are in force."""

    patch: tuple[Patch, ...] = setting((), "Rules that hold a hole shut; `apiward patch` writes them.")


@dataclass(slots=True)
class _Active:
    patch: Patch
    ends_s: float
    test: Condition
    is_told: bool = False


class Patches:
    """Compiled by operation; what looks at no body is judged before the body is read."""

    name: Final = StageName.PATCHES

    def __init__(self, settings: PatchesSettings, parts: Parts) -> None:
        self._heads: dict[str, list[_Active]] = {}
        self._bodies: dict[str, list[_Active]] = {}
        for patch in settings.patch:
            of = self._bodies if patch.place == "body" else self._heads
            active = _Active(
                patch, math.inf if patch.expires_s is None else patch.expires_s, condition(patch, parts.api)
            )
            of.setdefault(operation_key(patch, parts.api), []).append(active)

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:
        """Say nothing where no patch is."""
        key = operation.key if operation is not None else ""
        body = frozenset() if key in self._bodies else frozenset({"on_body", "wants_body"})
        return body if key in self._heads else body | {"on_head"}

    def on_head(self, call: Call) -> Decision | None:
        """Judge who calls, with which parameters."""
        active = self._heads.get(call.operation_key)
        return _judged(active, call) if active else None

    def wants_body(self, call: Call) -> bool:
        """Whether a patch looks at the body."""
        return call.operation_key in self._bodies

    def on_body(self, call: Call) -> Decision | None:
        """Judge what stands in the body."""
        active = self._bodies.get(call.operation_key)
        return _judged(active, call) if active else None


def _judged(actives: list[_Active], call: Call) -> Decision | None:
    ended: Decision | None = None
    for active in actives:
        if call.started_s >= active.ends_s:
            if not active.is_told:
                active.is_told = True
                ended = Decision("patches.ended", Effect.NOTE, place=active.patch.operation, saw=active.patch.id)
            continue
        decision = active.test(call)
        if decision is not None:
            return decision
    return ended
