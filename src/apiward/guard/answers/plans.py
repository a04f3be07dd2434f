"""What is compiled for the answers of one operation, by status and by kind of caller."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import re2

from apiward.classify.kinds import Kind
from apiward.core.api import Api, Operation
from apiward.core.call import Call
from apiward.core.schema import Schema
from apiward.guard.answers import issuing
from apiward.guard.answers.caring import Policy
from apiward.guard.answers.quiet import Glance
from apiward.guard.answers.shapes import OPEN, Shape, compile_shape
from apiward.guard.answers.trimming import Finder, Limits, Trimmer
from apiward.spec.meaning.accounts import has_password

MAX_PLANS: Final = 20_000
"""Plans that are kept; with more kinds of caller than that they are compiled anew."""
_SECRETS: Final = (
    r"\$2[abxy]?\$\d\d\$|\$argon2|\$scrypt|scrypt:\d|\$7\$|pbkdf2|\$[156y]\$|\$[PH]\$|\{S?SHA|-----BEGIN|"
    r"A(?:KIA|SIA)[0-9A-Z]|[sr]k_(?:live|test)_|gh[opusr]_|github_pat_|glpat-|xox[abeoprs]-|SG\.[\w-]{16}|sk-|npm_|"
    r"pypi-Ag|do[opr]_v1_|shp(?:at|ca|pa|ss)_|key-[0-9a-f]{32}|whsec_|hf_[A-Za-z]{34}|SK[0-9a-f]{32}|AGE-SECRET|"
    r"\d:AA[\w-]{33}"
)
_CARDS: Final = r"\b[2-68]\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b|\b3\d{3}[ -]?\d{6}[ -]?\d{4,5}\b"
_NUMBERS: Final = r"\d[\d ().-]{6}"
_BY_VALUE: Final[Mapping[Kind, str]] = {
    Kind.CARD_NUMBER: _CARDS,
    Kind.EMAIL: "@|%40",
    Kind.UPI: "@|%40",
    **dict.fromkeys((Kind.PHONE, Kind.SSN, Kind.AADHAAR), _NUMBERS),
    Kind.PAN: r"[A-Z]{5}\d{4}[A-Z]",
    Kind.IBAN: r"[A-Z]{2}\d{2}",
    Kind.HEALTH: r"[a-z]{5}",
}
"""What must stand somewhere in an answer before its texts are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How answers of one operation and status are looked at, for one kind of caller."""

    policy: Policy
    shape: Shape
    glance: Glance
    trimmer: Trimmer
    finds: Finder


class Plans:
    """Compiles plans when they are first needed, and keeps them."""

    def __init__(
        self,
        api: Api | None,
        limits: Limits,
        mask: frozenset[Kind],
        see: Mapping[str, frozenset[Kind]],
        *,
        is_closed: bool,
    ) -> None:
        self._is_closed = is_closed
        self._operations = {op.key: op for op in api.operations} if api else {}
        self._limits = limits
        self._mask = mask
        self._see = see
        self._plans: dict[tuple[str, int, bool, frozenset[Kind]], Plan] = {}
        self._finders: dict[frozenset[Kind], Finder] = {}

    def plan(self, call: Call, status: int) -> Plan:
        """Return the plan for an answer of that status to `call`.

        For a call that is not described it is the strict one: see `giving_plan`.
        """
        principal = call.principal
        masked = self._masked_for(principal.roles) if self._see else self._mask
        is_anonymous = principal.is_anonymous
        key = (call.operation_key or call.method, status, is_anonymous, masked)
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            plan = self._plans[key] = self._compiled(call, status, masked, is_anonymous=is_anonymous)
        return plan

    def giving_plan(self, call: Call, plan: Plan) -> Plan:
        """Return the plan for an undescribed call whose path reads as one that gives out credentials, else `plan`."""
        if call.operation_key or not issuing.path_gives_credentials(call.method, call.path):
            return plan
        return self._planned(OPEN, replace(plan.policy, gives=True))

    def declares_json(self, operation_key: str) -> bool:
        """Whether the description says that the operation answers with JSON."""
        operation = self._operations.get(operation_key)
        return operation is not None and any("json" in b.media_type for a in operation.answers for b in a.bodies)

    def _masked_for(self, roles: frozenset[str]) -> frozenset[Kind]:
        seen: frozenset[Kind] = frozenset()
        for role in roles:
            seen |= self._see.get(role, frozenset())
        return self._mask - seen

    def _compiled(self, call: Call, status: int, masked: frozenset[Kind], *, is_anonymous: bool) -> Plan:
        operation = self._operations.get(call.operation_key)
        policy = Policy(masked, is_anonymous, call.method == "GET", *_giving(operation))
        shape = OPEN
        if operation is not None and status < 400:
            shape = compile_shape(answer_schemas(operation, status), policy, is_closed=self._is_closed)
        return self._planned(shape, policy)

    def _planned(self, shape: Shape, policy: Policy) -> Plan:
        glance = Glance(policy, max_items=self._limits.max_items if self._limits.cuts_lists else math.inf)
        finds = self._finder(policy.masked)
        return Plan(policy, shape, glance, Trimmer(policy, glance, self._limits, finds), finds)

    def _finder(self, masked: frozenset[Kind]) -> Finder:
        if masked not in self._finders:
            patterns = dict.fromkeys([_SECRETS, *(_BY_VALUE[kind] for kind in sorted(masked) if kind in _BY_VALUE)])
            options = re2.Options()
            options.encoding = re2.Options.Encoding.LATIN1
            found = re2.Set.SearchSet(options)  # says only whether, which is twice as fast as a search
            found.Add("|".join(patterns).encode())
            found.Compile()
            self._finders[masked] = found.Match
        return self._finders[masked]


def answer_schemas(operation: Operation, status: int) -> list[Schema]:
    """Return the JSON schemas declared for that status; else those of any good answer."""
    for wanted in (str(status), f"{status // 100}XX"):
        for answer in operation.answers:
            if answer.status.upper() == wanted:
                return [body.schema for body in answer.bodies if "json" in body.media_type or "*" in body.media_type]
    return list(operation.answer_schemas())


def _giving(operation: Operation | None) -> tuple[bool, bool, bool]:
    if operation is None:
        return False, False, False
    makes_password = not operation.is_safe and not has_password(operation)
    return issuing.gives_credentials(operation), issuing.sets_up_factor(operation), makes_password
