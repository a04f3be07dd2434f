"""Rules about who calls: a log-in that the API gave out, one of the staff, no session from before."""

from typing import Final

from apiward.app.patching.cases import EVERYWHERE, Case, Made, Rule, Unheld, patch
from apiward.app.patching.forms.objects import object_rules
from apiward.core.api import Api, Operation

_NO_STAFF: Final = "the guard cannot know who your staff are: name them, as in --staff user:anna@shop.example"


def log_in(case: Case) -> Made:
    """Ask for a log-in that the API gave out; of staff where they are named, of the owner where it is a record."""
    if case.operation is None:
        return (patch("method-off", case.key),)
    rules = [patch("require-principal", case.key), issued(case)]
    if case.finding.check.startswith("FUN") and case.staff:
        rules.append(patch("require-role", case.key, principals=case.staff))
    if case.finding.check.startswith("OBJ"):
        rules += object_rules(case)
    return tuple(rules)


def staff(case: Case) -> Made:
    """Let in those of the staff that are named."""
    if not case.staff:
        return Unheld(_NO_STAFF)
    return (patch("require-role", case.key, principals=case.staff), issued(case))


def credentials(case: Case) -> Made:
    """Take what the API was seen to give out, and nothing else, wherever the same log-in counts."""
    answer = case.finding.evidence.attack
    if case.finding.check == "AUT06" and case.operation is not None and answer.request.method == "POST":
        return Unheld("the log-in names no end, and the guard does not write into it: only your developer can set one")
    return (issued(case),)


def sessions(case: Case) -> Made:
    """End the other sessions of the account after a change of its password."""
    return (patch("ends-sessions", case.key), issued(case))


def issued(case: Case) -> Rule:
    """Return the rule that refuses what nobody saw the API give out, for the part of the API with this log-in."""
    return patch("credential-issued", _area(case.api, case.operation))


def _area(api: Api, operation: Operation | None) -> str:
    """Return the part of the API in which the same log-in counts, as the description tells it."""
    if operation is None or not operation.security:
        return EVERYWHERE
    same = [one for one in api.operations if one.security == operation.security]
    parts = [f"{one.base_path}{one.path}".split("/")[1:-1] for one in same]
    shared: list[str] = []
    for steps in zip(*parts, strict=False):
        if len(set(steps)) > 1 or "{" in steps[0]:
            break
        shared.append(steps[0])
    return f"* /{'/'.join(shared)}/**" if shared else EVERYWHERE
