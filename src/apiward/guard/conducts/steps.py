"""Steps that must come in order: no payment without a cart, no reset without a code."""

import difflib
from dataclasses import dataclass
from typing import Final

from apiward.core.api import Api
from apiward.core.decision import Decision
from apiward.core.ports import Counters
from apiward.core.settings import setting

_EVER: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class StepRule:
    """One rule: the operation `before` which another has to be done, by the same caller."""

    before: str = setting("", 'The operation that comes later, such as "POST /pay".')
    needs: str = setting("", 'The operation that must have been done, such as "POST /cart".')
    within_s: int = setting(3_600, "Seconds for which the first step counts.", least=1)

    def __post_init__(self) -> None:
        """Check that both are named."""
        for name, text in (("before", self.before), ("needs", self.needs)):
            method, _, path = text.partition(" ")
            if not method.isupper() or not path.startswith("/"):
                raise ValueError(f'order.{name}: {text!r} is no operation; write it as "POST /pay"')


class Steps:
    """Knows who has done which step. Compiled from the rules; raises ValueError for unknown operations."""

    def __init__(self, rules: tuple[StepRule, ...], api: Api | None, counters: Counters) -> None:
        self._counters = counters
        self._wanted: dict[str, list[tuple[int, StepRule]]] = {}
        self._done: dict[str, list[tuple[int, StepRule]]] = {}
        for number, rule in enumerate(rules):
            self._wanted.setdefault(_key(rule.before, api, "before"), []).append((number, rule))
            self._done.setdefault(_key(rule.needs, api, "needs"), []).append((number, rule))

    def before(self, who: str, operation: str, now_s: float) -> Decision | None:
        """Return a refusal where the caller has left a step out."""
        for number, rule in self._wanted.get(operation, ()):
            count = self._counters.peek(f"conduct:step{number}:{who}", limit=_EVER, window_s=rule.within_s, now_s=now_s)
            if count.remaining >= _EVER:
                return Decision("conduct.order", place="operation", saw=f"no {rule.needs} before")
        return None

    def after(self, who: str, operation: str, status: int, now_s: float) -> None:
        """Take note of a step that was done."""
        if 200 <= status < 300:
            for number, rule in self._done.get(operation, ()):
                self._counters.hit(f"conduct:step{number}:{who}", limit=_EVER, window_s=rule.within_s, now_s=now_s)


def _key(name: str, api: Api | None, field: str) -> str:
    if api is None:
        return name
    known = {operation.key: operation.key for operation in api.operations}
    known |= {f"{operation.method} {operation.path}": operation.key for operation in api.operations}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"order.{field}: the description has no operation {name!r}{hint}")
