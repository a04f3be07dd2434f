"""Whether a stage may enforce on an operation: judged by what it would have refused while it only watched."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from apiward.core.decision import Mode
from apiward.core.evidence import Denial, Evidence, Traffic
from apiward.core.settings import setting
from apiward.guard.allowing import wide_place
from apiward.guard.stage import StageName

SWITCHED: Final = (
    StageName.AUTHENTICATE,
    StageName.PERMIT,
    StageName.SHAPE,
    StageName.INSPECT,
    StageName.CONDUCT,
)
"""Stages that judge requests of one operation, and whose refusals tell what they would do.

Not among them: protocol, which must never be looser for one operation than for another; origin, flood and quota,
which count callers, not operations; route and patches, which do what the owner said; and those that change answers,
where nothing that is counted tells whether a client still understands them.
"""

ATTACK_STAGES: Final = frozenset({"inspect", "conduct", "patches"})
ATTACK_RULES: Final = frozenset(
    f"authenticate.{rule}"
    for rule in (
        "token-algorithm", "token-header", "token-own-key", "token-signature", "token-duplicate", "token-encrypted",
        "signature-wrong", "signature-replayed", "proof-wrong", "proof-replayed", "credential-twice", "key-misspelt",
    )
) | frozenset(
    f"protocol.{rule}"
    for rule in (
        "length", "transfer-encoding", "path-ambiguous", "path-override", "method-override", "duplicate-key",
        "header-syntax", "xml-entities", "inflated", "upload-name",
    )
)  # fmt: skip
"""Rules beside those stages that no honest program breaks by an update or a slip."""
ATTACKER_KINDS: Final = 3
"""Rules of attack that a caller must have broken, beside what is in question, to count as an attacker."""
NOBODY: Final = ""
"""The operation of requests that nothing describes."""


@dataclass(frozen=True, slots=True)
class AutopilotSettings:
    """What must be seen before a stage enforces on an operation, and what makes it only watch again."""

    enabled: bool = setting(default=False, help_text="Whether the guard may switch by itself what is ready.")
    requests: int = setting(300, "Requests that must have gone well, of one operation.", least=10, most=1_000_000)
    callers: int = setting(5, "Callers that they must come from.", least=1, most=100_000)
    days: int = setting(7, "Days on which there must have been some.", least=1, most=90)
    window_days: int = setting(14, "Days that count as evidence.", least=1, most=90)
    steps_per_hour: int = setting(6, "Switches in an hour at most.", least=1, most=1000)
    every_s: float = setting(60.0, "Seconds between two looks.", least=1, most=86_400)
    watch_hours: float = setting(24.0, "Hours for which a switch is watched.", least=0.01, most=720)
    back_callers: int = setting(
        2, "Callers who fared well before and are refused now, from which on it switches back.", least=1, most=1000
    )
    again_days: int = setting(7, "Days until it tries again what it has switched back.", least=1, most=365)

    def __post_init__(self) -> None:
        if self.window_days < self.days:
            raise ValueError("window_days: must not be less than days")


class State(StrEnum):
    """How a stage stands on an operation."""

    ENFORCES = "enforces"
    READY = "ready"
    NOT_YET = "not-yet"
    YOURS = "yours"
    NOTHING_TO_SAY = "nothing-to-say"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class WouldBe:
    """What would be refused: by which rule, where, how often, by how many callers, and when last."""

    rule: str
    place: str
    times: int
    callers: int
    last_s: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage on an operation: how it stands, why (one sentence), and what would be refused."""

    operation: str
    stage: StageName
    mode: Mode
    state: State
    why: str
    traffic: Traffic = field(default_factory=Traffic)
    would_be: tuple[WouldBe, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of one operation beside its evidence.

    `modes` of all stages; `silent` are those that have nothing to say, `owned` those that the owner set here by hand.
    """

    operation: str
    modes: Mapping[StageName, Mode]
    silent: frozenset[StageName] = frozenset()
    owned: frozenset[StageName] = frozenset()


def is_attack(rule: str) -> bool:
    """Return whether a rule refuses what no honest caller does."""
    return rule in ATTACK_RULES or rule.partition(".")[0] in ATTACK_STAGES


def attackers(denials: Iterable[Denial], stage: str = "", operation: str = "") -> frozenset[str]:
    """Return the callers who broke several rules of attack, beside those of `stage` on `operation`.

    What is in question does not count against them: else a stage that errs would call honest callers attackers.
    """
    kinds: dict[str, set[str]] = {}
    for one in denials:
        if is_attack(one.rule) and not (one.stage == stage and one.operation == operation):
            kinds.setdefault(one.caller, set()).add(one.rule)
    return frozenset(caller for caller, rules in kinds.items() if len(rules) >= ATTACKER_KINDS)


def standings(
    places: Sequence[Place], evidence: Evidence, settings: AutopilotSettings, allowed: Collection[tuple[str, str, str]]
) -> tuple[Standing, ...]:
    """Judge every stage on every operation. `allowed` are excluded refusals: operation, rule and place."""
    open_denials = [one for one in evidence.denials if (one.operation, one.rule, wide_place(one.place)) not in allowed]
    by_place: dict[tuple[str, str], list[Denial]] = {}
    for one in open_denials:
        if not one.is_applied and not one.is_moot:
            by_place.setdefault((one.operation, one.stage), []).append(one)
    found = []
    for place in places:
        for stage in SWITCHED:
            denials = by_place.get((place.operation, stage.value), [])
            if denials:
                hostile = attackers(open_denials, stage.value, place.operation)
                denials = [one for one in denials if one.caller not in hostile]
            traffic = evidence.traffic.get(place.operation, Traffic())
            found.append(_standing(place, stage, traffic, gathered(denials), settings, is_cut=evidence.is_cut))
    return tuple(found)


def gathered(denials: Iterable[Denial]) -> tuple[WouldBe, ...]:
    """Return denials by rule and place, the most frequent first."""
    groups: dict[tuple[str, str], list[Denial]] = {}
    for one in denials:
        groups.setdefault((one.rule, wide_place(one.place)), []).append(one)
    found = (
        WouldBe(rule, place, sum(one.times for one in many), len({one.caller for one in many}),
                max(one.last_s for one in many))
        for (rule, place), many in groups.items()
    )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.times, one.rule, one.place)))


def evidence_words(traffic: Traffic, would_be: Sequence[WouldBe] = ()) -> str:
    """Return the evidence in one line."""
    refusals = sum(one.times for one in would_be)
    return ", ".join(
        (
            counted(traffic.requests, "request"),
            counted(traffic.callers, "caller"),
            counted(traffic.days, "day"),
            counted(refusals, "would-be refusal"),
        )
    )


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _standing(
    place: Place,
    stage: StageName,
    traffic: Traffic,
    would_be: tuple[WouldBe, ...],
    settings: AutopilotSettings,
    *,
    is_cut: bool,
) -> Standing:
    mode = place.modes[stage]
    state, why = _state(place, stage, traffic, would_be, settings, is_cut=is_cut)
    return Standing(place.operation, stage, mode, state, why, traffic, would_be)


def _state(
    place: Place,
    stage: StageName,
    traffic: Traffic,
    would_be: tuple[WouldBe, ...],
    settings: AutopilotSettings,
    *,
    is_cut: bool,
) -> tuple[State, str]:
    mode = place.modes[stage]
    if mode is Mode.OFF:
        return State.OFF, "It is off."
    if stage in place.silent:
        return State.NOTHING_TO_SAY, "It has nothing to say here."
    if mode is Mode.ENFORCE:
        return State.ENFORCES, "It enforces."
    if stage in place.owned:
        return State.YOURS, "You set its mode here yourself."
    if place.operation == NOBODY:
        return State.NOT_YET, "Nothing describes these requests, so there is nothing to hold them against."
    if would_be:
        return State.NOT_YET, _refusals(would_be)
    if is_cut:
        return State.NOT_YET, "There were too many refusals to look at all of them."
    return _amount(traffic, settings)


def _refusals(would_be: tuple[WouldBe, ...]) -> str:
    first = would_be[0]
    where = f" at {first.place}" if first.place else ""
    more = f", and {len(would_be) - 1} more like it" if len(would_be) > 1 else ""
    by = f"{first.rule}{where} would refuse {counted(first.times, 'request')} of {counted(first.callers, 'caller')}"
    return f"{by}{more}."


def _amount(traffic: Traffic, settings: AutopilotSettings) -> tuple[State, str]:
    for has, needs, noun in (
        (traffic.requests, settings.requests, "request"),
        (traffic.callers, settings.callers, "caller"),
        (traffic.days, settings.days, "day"),
    ):
        if has < needs:
            return State.NOT_YET, f"Too little was seen: {counted(has, noun)} of {needs:,}."
    return State.READY, f"{evidence_words(traffic)}."
