"""What `apiward patch list`, `expire` and `remove` do."""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from apiward.app.guarding.place import Place
from apiward.app.patching.cases import Rule
from apiward.app.patching.needing import not_needed
from apiward.app.patching.standing import Standing, standing
from apiward.cli.again import asked_again
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import settings
from apiward.cli.offering import kept_findings, needless
from apiward.cli.progress import watcher
from apiward.cli.rescanning import scan_again
from apiward.cli.speaking import say, write_out
from apiward.cli.state import state_of
from apiward.config.errors import AdvisedError, nearest
from apiward.config.guarding import GuardConfig
from apiward.config.names import RULES_NAME
from apiward.config.rules_file import add_rules, load_rules_file, named, remove_rules
from apiward.prove.neutral import one_line

SCHEMA: Final = "apiward.patches/1"


def list_patches(given: Mapping[str, object]) -> int:
    """List the rules, and with --check those that a scan behind the guard shows to be needless. Raises AdvisedError."""
    base, config, data = _place(given)
    load_rules_file(base)
    rules = standing(base, config, data, time.time())
    if given.get("form") == "json":
        document = {"schema": SCHEMA, "rules": [_entry(one) for one in rules]}
        write_out(json.dumps(document, indent=2) + "\n")
    elif rules:
        write_out("".join(f"{line}\n" for one in rules for line in _lines(one)))
    else:
        say(f"{base / RULES_NAME} holds no rules. Make some: apiward patch --all")
    return _check(given, [one.rule for one in rules]) if given.get("check") is True else ExitCode.HOLDS


def expire_patch(given: Mapping[str, object]) -> int:
    """Let one rule end now. Raises AdvisedError."""
    base, config, data = _place(given)
    rule = _named(str(given["rule"]), base, config, data)
    ended = {**rule.values, "expires": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    remove_rules(base, rule.table, named({rule.id}))
    add_rules(base, rule.table, [ended])
    say(f"The rule {rule.id} has ended. What it held is open again: {one_line(str(rule.values.get('reason', '')))}.")
    return ExitCode.HOLDS


def remove_patches(given: Mapping[str, object]) -> int:
    """Take rules out of the file. Raises AdvisedError."""
    base, config, data = _place(given)
    ids = given.get("rules")
    wanted = [_named(str(one), base, config, data) for one in (ids if isinstance(ids, tuple) else ())]
    for rule in wanted:
        remove_rules(base, rule.table, named({rule.id}))
        say(f"The rule {rule.id} is taken out.")
    return ExitCode.HOLDS


def _check(given: Mapping[str, object], rules: Sequence[Rule]) -> int:
    """Scan the API itself for the findings of the rules."""
    state = state_of(os.environ)
    ids = dict.fromkeys(one for rule in rules for one in rule.findings)
    kept = next((pair[0] for id_ in ids if (pair := state.find(id_)) is not None), None)
    if kept is None:
        raise AdvisedError("The rules cannot be checked.", "No scan with their findings is kept here.", "Scan again.")
    asked = asked_again(given, kept.context, ())
    findings = kept_findings(ids, kept.target, state)
    report = scan_again(asked, findings, state, watcher(is_quiet=given.get("quiet") is True))
    gone = not_needed(rules, findings, report)
    say(needless(gone) if gone else "All rules are still needed, or could not be judged.")
    return ExitCode.HOLDS


def _place(given: Mapping[str, object]) -> tuple[Path, GuardConfig, Path]:
    file, config = settings(given)
    place = Place.of(file, config)
    data = given.get("data")
    return place.base, config, Path(str(data)) if data else place.data


def _named(id_: str, base: Path, config: GuardConfig, data: Path) -> Rule:
    rules = [one.rule for one in standing(base, config, data, time.time())]
    for rule in rules:
        if rule.id == id_:
            return rule
    known = tuple(rule.id for rule in rules)
    hint = nearest(id_, known) if known else f"{base / RULES_NAME} holds none."
    raise AdvisedError(f"There is no rule {id_[:60]!a}.", hint, "See: apiward patch list")


def _lines(one: Standing) -> Iterator[str]:
    values = one.rule.values
    where = values.get("operation") or ", ".join(map(str, _many(values.get("operations"))))
    end = str(values.get("expires", "never"))
    state = "ended" if one.has_ended else f"ends {end[:10]}"
    used = "" if one.used is None else ", never needed so far" if one.was_never_needed else f", {_times(one.used)}"
    yield f"{one.rule.id}  {one_line(str(where))}  {state}{used}"
    if values.get("reason"):
        yield f"  {one_line(str(values['reason']))}. {one_line(str(values.get('owner', '')))} answers for it."


def _times(count: int) -> str:
    return "spoke once" if count == 1 else f"spoke {count} times"


def _many(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _entry(one: Standing) -> dict[str, object]:
    return {"table": one.rule.table, **dict(one.rule.values), "has_ended": one.has_ended, "used": one.used}
