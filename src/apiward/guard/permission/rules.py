"""What an owner may say of roles and permissions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from apiward.core.principal import PrincipalKind
from apiward.core.settings import setting
from apiward.guard.selecting import selectors

_EFFECTS: Final = ("allow", "forbid")
_KINDS: Final = tuple(PrincipalKind)


@dataclass(frozen=True, slots=True)
class RoleSettings:
    """One role."""

    name: str = setting("", "The role's name, as the log-in service gives it.")
    inherits: tuple[str, ...] = setting((), "Roles that this role also is: what holds for them holds for it.")
    grants: tuple[str, ...] = setting((), "Operations that this role may call, as in 'GET /orders/*' or 'tag:staff'.")

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("name: a role needs a name")
        selectors(self.grants, "grants")


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """One rule. All that is said must hold together; within one list any will do (of scopes: all)."""

    name: str = setting("", "A short name, which explanations use.")
    effect: str = setting("allow", "allow or forbid. Where both speak, forbid wins.")
    operations: tuple[str, ...] = setting((), "Which operations, as in 'GET /orders/*' or 'tag:staff'. Empty: all.")
    methods: tuple[str, ...] = setting((), "Only these methods. Empty: all.")
    roles: tuple[str, ...] = setting((), "Callers with any of these roles.")
    scopes: tuple[str, ...] = setting((), "Callers whose token has all of these scopes.")
    kinds: tuple[str, ...] = setting((), "Kinds of callers: user, key, device, token, anonymous. An allow rule that "
                                     "names none does not let in anonymous callers.")  # fmt: skip
    principals: tuple[str, ...] = setting((), "Single callers, as in 'key:partner' (events show these names).")
    unless_roles: tuple[str, ...] = setting((), "The rule is silent for callers with any of these roles.")
    unless_scopes: tuple[str, ...] = setting((), "The rule is silent for callers with any of these scopes.")

    def __post_init__(self) -> None:
        if self.effect not in _EFFECTS:
            raise ValueError(f"effect: {self.effect!r} is unknown; allowed are {', '.join(_EFFECTS)}")
        wrong = [kind for kind in self.kinds if kind not in _KINDS]
        if wrong:
            raise ValueError(f"kinds: {wrong[0]!r} is unknown; allowed are {', '.join(_KINDS)}")
        if any(method != method.upper() for method in self.methods):
            raise ValueError("methods: write methods in capitals, as in 'GET'")
        selectors(self.operations, "operations")

    @property
    def is_forbid(self) -> bool:
        """Whether the rule takes away."""
        return self.effect == "forbid"


@dataclass(frozen=True, slots=True)
class PermitSettings:
    """Who may call what."""

    roles: tuple[RoleSettings, ...] = setting((), "The roles and what they inherit.")
    rules: tuple[RuleSettings, ...] = setting((), "What is allowed and what is forbidden.")
    private: tuple[str, ...] = setting((), "Operations that nobody may call unless a rule or a role allows it.")
    hide: bool = setting(default=False, help_text="Answer 404 where somebody may not call a private operation.")
    trust_description: bool = setting(
        default=True, help_text="Where no rule speaks, ask for the log-in and the scopes that the description asks for."
    )

    def __post_init__(self) -> None:
        selectors(self.private, "private")
        names = [role.name for role in self.roles]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"roles: {min(twice)!r} stands twice")
        ancestry(self.roles)


def ancestry(roles: Iterable[RoleSettings]) -> Mapping[str, frozenset[str]]:
    """Return for each role all roles that it is, itself too. Raises ValueError for circles."""
    direct = {role.name: role.inherits for role in roles}
    known: dict[str, frozenset[str]] = {}

    def all_of(name: str, path: tuple[str, ...]) -> frozenset[str]:
        if name in path:
            raise ValueError(f"roles: {' > '.join((*path, name))} go round in a circle")
        if name not in known:
            above = (all_of(parent, (*path, name)) for parent in direct.get(name, ()))
            known[name] = frozenset((name,)).union(*above)
        return known[name]

    for name in direct:
        all_of(name, ())
    return known
