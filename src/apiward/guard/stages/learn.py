"""learn: shows what went well to whoever learns the description from it. Never decides anything."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.core.api import Operation
from apiward.core.call import Answer, BodyKind, Call
from apiward.core.decision import Effect
from apiward.core.jsonvalue import NOT_JSON
from apiward.core.observation import Observation
from apiward.core.settings import setting
from apiward.guard.stage import Parts, StageName
from apiward.spec.meaning.naming import is_token_name
from apiward.spec.meaning.showing import shown_ways

USES: Final = ("no", "watch", "enforce")
_ALL: Final = frozenset({"wants_answer", "on_answer_body", "on_answer_head"})
_ABOUT_DESCRIPTION: Final = frozenset({StageName.ROUTE, StageName.SHAPE})
_DONE: Final = "learn"
_USUAL: Final = frozenset(
    b"x-requested-with x-request-id x-correlation-id x-real-ip x-client-ip x-trace-id x-amzn-trace-id "
    b"x-cloud-trace-context x-csrf-token x-xsrf-token x-http-method-override x-scheme x-original-uri x-original-url "
    b"x-rewrite-url x-wap-profile x-att-deviceid x-do-not-track x-original-host x-api-key".split()
)
_USUAL_STARTS: Final = (
    *(b"x-forwarded-", b"x-envoy-", b"x-amz-", b"x-datadog-", b"x-vercel-", b"x-newrelic-", b"x-apiward-", b"x-b3-"),
)
_MEANT: Final = frozenset({b"idempotency-key", b"if-match"})


@dataclass(frozen=True, slots=True)
class LearnSettings:
    """Whether the guard learns what the API looks like, and what it does with it."""

    on: bool = setting(default=True, help_text="Whether the guard learns what the API looks like from its traffic.")
    use: str = setting(
        "watch",
        "What the guard does with it where no description is given: no, watch (only say what differs) or enforce.",
    )
    unused_days: int = setting(30, "Days without a call after which a described operation counts as unused.", least=1)

    def __post_init__(self) -> None:
        if self.use not in USES:
            raise ValueError(f"use: {self.use!r} is unknown; allowed are {', '.join(USES)}")


class Learn:
    """Makes an observation of what the API took, and hands it on."""

    name: Final = StageName.LEARN

    def __init__(self, settings: LearnSettings, parts: Parts) -> None:
        self._learner = parts.learner if settings.on else None
        self._is_learned = parts.is_learned

    def silent_phases(self, operation: Operation | None) -> frozenset[str]:  # noqa: ARG002 - the shape of a stage
        """Say nothing where nothing is learned."""
        return _ALL if self._learner is None else frozenset()

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Whether the body is JSON from which something may be learned."""
        if self._learner is None or not self._learner.wants(call):
            return False
        return 200 <= answer.status < 300 and answer.head().is_json

    def on_answer_body(self, call: Call, answer: Answer) -> None:
        """Learn from an answer whose body was read."""
        learner = self._learner
        if learner is not None and learner.wants(call):
            learner.learn(_observation(call, answer, is_learned=self._is_learned))
        call.notes[_DONE] = True

    def on_answer_head(self, call: Call, answer: Answer) -> None:
        """Learn from an answer without a body, or with one that was not read."""
        if answer.body is None or _DONE not in call.notes:
            self.on_answer_body(call, answer)


def _observation(call: Call, answer: Answer, *, is_learned: bool) -> Observation:
    operation = None if is_learned else call.operation
    has_body = bool(call.body) or not call.is_body_whole
    return Observation(
        at_s=call.started_s,
        method=call.method,
        path=call.path,
        principal=call.principal.key if not call.principal.is_anonymous else _address(call.client or call.peer),
        status=answer.status,
        query=tuple(call.query_pairs),
        headers=tuple(_headers(call)),
        body_type=_media_type(call) if has_body else "",
        body=call.value if call.body_kind is BodyKind.JSON else NOT_JSON,
        form=tuple(call.form_pairs),
        answer_type=answer.media_type.decode("latin-1"),
        answer=answer.value,
        shown=tuple(dict.fromkeys(_shown(call))),
        template=operation.base_path + operation.path if operation is not None else "",
        is_doubted=_is_doubted(call),
    )


def _is_doubted(call: Call) -> bool:
    """Whether a stage would have refused it. To differ from the description is no doubt: it is what is learned."""
    return any(
        ruling.decision.effect is Effect.DENY and ruling.decision.stage not in _ABOUT_DESCRIPTION
        for ruling in call.rulings
    )


def _media_type(call: Call) -> str:
    told = call.header.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")
    return told or ("application/json" if call.body_kind is BodyKind.JSON else "")


def _address(client: str) -> str:
    """Return the network that an unknown caller comes from: who has one address of it, often has more."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return f"address:{client}"
    if address.is_private or address.is_loopback:
        return f"address:{address}"
    return f"address:{ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False)}"


def _headers(call: Call) -> Iterator[str]:
    for name in call.header:
        is_own = name.startswith(b"x-") and name not in _USUAL and not name.startswith(_USUAL_STARTS)
        if (is_own or name in _MEANT) and not is_token_name(name.decode("latin-1")):
            yield name.decode("latin-1")


def _shown(call: Call) -> Iterator[str]:
    return shown_ways(
        call.header.get(b"authorization", b"").decode("latin-1"),
        (name.decode("latin-1") for name in call.header if name.startswith(b"x-")),
        call.header.get(b"cookie", b"").decode("latin-1"),
        (name for name, _ in call.query_pairs),
    )
