"""accounts.device: a device or a program with a key does what it never did.

Proves: who used the same few operations for days used at least three others within an hour. Of one that works little,
but for five days and with three operations at most, four others are needed, and it is low.
Cannot: tell a new version of the program from a stranger with its key.
"""

from typing import Any, Final

from apiward.core.finding import Severity
from apiward.watch import signs
from apiward.watch.detector import Detector, Tell
from apiward.watch.sight import Sight

SETTLED_S: Final = 3 * 86_400.0
SETTLED_USES: Final = 30
FEW: Final = 12
LEAST_NEW: Final = 3
LONG_S: Final = 5 * 86_400.0
LONG_USES: Final = 5
VERY_FEW: Final = 3
LEAST_NEW_OF_IDLE: Final = 4
_WITHIN_S: Final = 3_600.0
_SINCE, _USES, _USUAL, _NEW, _NEW_S = range(5)


class Device(Detector):
    """Remembers what each device or key is used for."""

    rule = "accounts.device"
    when = (signs.KEY, signs.DEVICE)

    def see(self, sight: Sight, tell: Tell) -> None:
        """Hold one use against the usual ones."""
        operation = sight.operation or f"{sight.event.method} {sight.event.path}"[:80]
        mine: list[Any] | None = sight.slots[self.slot]
        if mine is None:
            sight.slots[self.slot] = [sight.at_s, 1, [operation], [], 0.0]
            return
        mine[_USES] = mine[_USES] + 1
        usual, new = mine[_USUAL], mine[_NEW]
        if operation in usual or len(usual) > FEW:
            return
        age_s, uses = sight.at_s - mine[_SINCE], mine[_USES]
        is_settled = age_s >= SETTLED_S and uses >= SETTLED_USES
        if not is_settled and (age_s < LONG_S or uses < LONG_USES or len(usual) > VERY_FEW):
            usual.append(operation)
            return
        if sight.at_s - mine[_NEW_S] > _WITHIN_S:
            if 0 < len(new) < LEAST_NEW:
                usual.extend(new)  # a new habit, little by little
            new.clear()
            mine[_NEW_S] = sight.at_s
        if operation not in new and len(new) <= FEW:
            new.append(operation)
        if len(new) >= (LEAST_NEW if is_settled else LEAST_NEW_OF_IDLE):
            facts = (("usual", len(usual)), ("new", len(new)))
            severity = Severity.MEDIUM if is_settled else Severity.LOW
            tell(self.rule, sight, severity=severity, facts=facts, touched=(sight.who,))
