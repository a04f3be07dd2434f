"""Watches how callers behave: failed log-ins, guessed ids, weak passwords, steps left out, machines."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from apiward.core.api import Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Effect
from apiward.core.jsonvalue import NotJson
from apiward.core.principal import PrincipalKind
from apiward.core.settings import setting
from apiward.guard.answers.reading import read
from apiward.guard.conducts.breached import load_breached
from apiward.guard.conducts.guessing import Attempt, Guessing, GuessLimits, Outcome
from apiward.guard.conducts.passwords import WeakPasswords
from apiward.guard.conducts.rhythm import Rhythm
from apiward.guard.conducts.sending import Sent, caller_of, is_unread, mark_of, sent_in, whereabouts
from apiward.guard.conducts.steps import StepRule, Steps
from apiward.guard.conducts.trails import TrailLimits, Trails
from apiward.guard.stage import Parts, StageName
from apiward.spec.meaning.accounts import (
    is_log_in,
    is_log_in_path,
    is_password_change,
    is_sign_up_path,
    makes_account,
)
from apiward.spec.meaning.failures import says_failure

_FAILED: Final = frozenset({400, 401, 403, 404, 422})
_OF_PASSWORDS: Final = frozenset({"wants_body", "on_body", "wants_answer", "on_answer_head", "on_answer_body"})
_MAX_READ: Final = 64 * 1024
_ENDED: Final = {
    Outcome.GOOD: Decision("conduct.log-in", Effect.NOTE),
    Outcome.BAD: Decision("conduct.failed-log-in", Effect.NOTE),
}


class _Kind(Enum):
    LOG_IN = "log-in"
    CHOICE = "choice of a password"


@dataclass(frozen=True, slots=True)
class ConductSettings:
    """How much is borne before a caller is slowed down or refused."""

    window_s: int = setting(900, "Seconds over which failed log-ins are counted.", least=60, most=86_400)
    failed_of_account: int = setting(10, "Failed log-ins to one account from one place.", least=3)
    failed_of_address: int = setting(30, "Failed log-ins from one place, to any account.", least=5)
    free_failures: int = setting(3, "Failed log-ins after which the next ones are held back a little.", least=1)
    most_delay_s: float = setting(5.0, "Longest time that a log-in is held back, in seconds.", least=0, most=30)
    wave_share: float = setting(
        0.7, "Share of failed log-ins of all callers from which on it is a wave.", least=0.1, most=1
    )
    missing_ids: int = setting(30, "Ids that one caller may ask for in vain, of one operation in ten minutes.", least=5)
    least_password: int = setting(8, "Characters that a new password must have; 0 asks for none.", least=0, most=64)
    weak_passwords: bool = setting(default=True, help_text="Refuse new passwords that attackers try first.")
    breached_file: str = setting(
        "", "A file of stolen passwords to refuse: SHA-1 hashes in order, as Have I Been Pwned gives them out."
    )
    machines: bool = setting(default=True, help_text="Note callers that move like machines.")
    order: tuple[StepRule, ...] = setting((), "Operations that need another one to be done before.")


class Conduct:
    """Remembers a little of every caller, within fixed bounds, and never shuts an account."""

    name: Final = StageName.CONDUCT

    def __init__(self, settings: ConductSettings, parts: Parts) -> None:
        self._settings = settings
        operations = parts.api.operations if parts.api else ()
        self._kinds = {operation.key: kind for operation in operations if (kind := _kind_of(operation))}
        self._guessing = Guessing(_guess_limits(settings), parts.counters)
        self._weak = WeakPasswords()
        self._breached = load_breached(Path(settings.breached_file)) if settings.breached_file else ()
        self._trails = Trails(TrailLimits(misses=settings.missing_ids))
        self._steps = Steps(settings.order, parts.api, parts.counters) if settings.order else None
        self._rhythm = Rhythm() if settings.machines else None

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:
        """Look at bodies and answers only where somebody logs in or chooses a password, at ids only where some are."""
        if operation is None:
            return frozenset()
        silent = set() if operation.key in self._kinds else set(_OF_PASSWORDS)
        if self._steps is None and "{" not in operation.path + operation.base_path:
            silent |= {"on_head"} if self._rhythm is None else set()
            silent |= {"on_end"} if operation.key not in self._kinds else set()
        return frozenset(silent)

    def on_head(self, call: Call) -> Decision | None:
        """Look at who calls, and what this caller did before."""
        if self._steps is None and self._rhythm is None and self._trails.is_calm:
            return None
        who = caller_of(call)
        operation = call.operation_key
        if call.path_arguments and not self._trails.is_calm:
            decision = self._trails.before(who, operation, call.started_s)
            if decision is not None:
                return decision
        if self._steps is not None:
            decision = self._steps.before(who, operation or f"{call.method} {call.path}", call.started_s)
            if decision is not None:
                return decision
        if self._rhythm is None or call.principal.kind is PrincipalKind.KEY:
            return None
        return self._rhythm.heard(who, operation, call.started_s)

    def wants_body(self, call: Call) -> bool:
        """Whether an account or a new password stands in the body."""
        return self._kind(call) is not None

    def on_body(self, call: Call) -> Decision | None:
        """Judge a log-in before it is tried, or a new password before it is taken."""
        kind = self._kind(call)
        if kind is None:
            return None
        sent = sent_in(call)
        if not sent.passwords and not (kind is _Kind.LOG_IN and call.operation_key and is_unread(call)):
            return None
        return self._log_in(call, sent) if kind is _Kind.LOG_IN else self._choice(call, sent)

    def on_answer_head(self, call: Call, answer: Answer) -> Decision | None:
        """See how a log-in ended, as far as the status tells, and say so: the audit record keeps every one."""
        attempt = call.notes.get("conduct")
        if not isinstance(attempt, Attempt):
            return None
        if attempt.outcome is not Outcome.BAD:
            attempt.outcome = _outcome(answer)
        return _ENDED.get(attempt.outcome)

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Whether the body tells how a log-in ended: some say "failed" with a good status."""
        return "conduct" in call.notes and 200 <= answer.status < 300 and answer.head().is_json

    def on_answer_body(self, call: Call, answer: Answer) -> None:
        """Read a log-in's answer that was good by its status."""
        attempt = call.notes.get("conduct")
        if not isinstance(attempt, Attempt) or not answer.body or not 200 <= answer.status < 300:
            return
        value = read(answer.body) if len(answer.body) <= _MAX_READ else NotJson.NOT_JSON
        if not isinstance(value, NotJson) and says_failure(value):
            attempt.outcome = Outcome.BAD

    def on_end(self, call: Call, status: int) -> None:
        """Count how it ended."""
        if "conduct" in call.notes:
            attempt = call.notes.pop("conduct")
            if isinstance(attempt, Attempt):
                self._guessing.after(attempt, call.started_s)
        if call.path_arguments:
            principal = call.principal
            is_anonymous = principal.is_anonymous
            who = caller_of(call) if is_anonymous else principal.key
            arguments, now_s = call.path_arguments, call.started_s
            self._trails.after(who, call.operation_key, arguments, status, now_s, is_anonymous=is_anonymous)
        if self._steps is not None:
            operation = call.operation_key or f"{call.method} {call.path}"
            self._steps.after(caller_of(call), operation, status, call.started_s)

    def _kind(self, call: Call) -> _Kind | None:
        if call.operation_key:
            return self._kinds.get(call.operation_key)
        if call.method not in ("POST", "PUT", "PATCH"):
            return None
        if is_log_in_path(call.path):
            return _Kind.LOG_IN
        return _Kind.CHOICE if is_sign_up_path(call.path) else None

    def _log_in(self, call: Call, sent: Sent) -> Decision | None:
        accounts = tuple(dict.fromkeys(mark_of(account) for account in sent.accounts)) or ("?",)
        attempt = Attempt(accounts, whereabouts(call))
        decision = self._guessing.before(attempt, call.started_s)
        if decision is None or decision.delay_s:
            call.notes["conduct"] = attempt
        return decision

    def _choice(self, call: Call, sent: Sent) -> Decision | None:
        names = (*sent.accounts, call.principal.name.lower())
        for name, password in sent.passwords:
            found = self._fault(password, names) if password else None
            if found is not None:
                return Decision(found[0], place=f"body {name}", saw=found[1])
        return None

    def _fault(self, password: str, names: tuple[str, ...]) -> tuple[str, str] | None:
        """Return the rule that a new password breaks, and what was seen."""
        if len(password) < self._settings.least_password:
            return "conduct.short-password", f"fewer than {self._settings.least_password}"
        if self._settings.weak_passwords and self._weak.is_common(password):
            return "conduct.common-password", "one that attackers try first"
        if self._settings.weak_passwords and self._weak.holds_name(password, names):
            return "conduct.named-password", "little more than the name"
        if password in self._breached:
            return "conduct.breached-password", "one that was stolen elsewhere"
        return None


def _kind_of(operation: Operation) -> _Kind | None:
    if is_log_in(operation):
        return _Kind.LOG_IN
    is_choice = makes_account(operation) or is_password_change(operation)
    return _Kind.CHOICE if is_choice else None


def _outcome(answer: Answer) -> Outcome:
    if answer.status in _FAILED:
        return Outcome.BAD
    if 200 <= answer.status < 300:
        return Outcome.GOOD
    if 300 <= answer.status < 400 and answer.header(b"set-cookie"):
        return Outcome.GOOD
    return Outcome.UNKNOWN


def _guess_limits(settings: ConductSettings) -> GuessLimits:
    return GuessLimits(
        window_s=settings.window_s,
        pair=settings.failed_of_account,
        address=settings.failed_of_address,
        free=settings.free_failures,
        most_delay_s=settings.most_delay_s,
        wave_share=settings.wave_share,
    )
