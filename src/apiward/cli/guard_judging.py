"""What `apiward guard --replay` and `--test` do: judge what was written down, and say what would be decided."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiward.app.guarding.cases import Expected, read_cases
from apiward.app.guarding.description import Known, known_api
from apiward.app.guarding.har import read_har
from apiward.app.guarding.judging import Judged, Outcome, count_rules, judge_all
from apiward.app.guarding.place import Place
from apiward.catalogue.rules import load_rules
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say, write_out
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Decision, Effect, Ruling
from apiward.prove.neutral import one_line, shortened

SCHEMA: Final = "apiward.guard-judgement/1"
MAX_TARGET: Final = 100
MAX_MISSES: Final = 100
_DID: Final[Mapping[Effect, tuple[str, str]]] = {
    Effect.DENY: ("refused by", "would be refused by"),
    Effect.EDIT: ("changed by", "would be changed by"),
    Effect.DELAY: ("slowed down by", "would be slowed down by"),
    Effect.NOTE: ("noted by", "noted by"),
}
_ENDED: Final[Mapping[Outcome, str]] = {
    Outcome.REFUSED: "refused",
    Outcome.WATCHED: "would be refused, were it not only watched",
    Outcome.ANSWERED: "answered by the guard itself",
    Outcome.CHANGED: "changed and let through",
    Outcome.PASSED: "let through as they are",
}


@dataclass(frozen=True, slots=True)
class _Judging:
    """All that was judged, and what of the API was known."""

    judged: Sequence[Judged]
    known: Known

    @property
    def wrong(self) -> list[Judged]:
        """What was decided otherwise than expected."""
        return [one for one in self.judged if one.is_as_expected is False]


def judge(params: Mapping[str, object], place: Place, config: GuardConfig) -> int:
    """Judge the file that the command names; return 1 where something was not decided as expected, else 0."""
    recorded, tests = params.get("replay"), params.get("tests")
    if recorded and tests:
        raise AdvisedError("--replay and --test cannot be used together.", "", "Judge one file, then the other.")
    cases = read_har(Path(str(recorded))) if recorded else read_cases(Path(str(tests)))

    async def work() -> _Judging:
        known = await known_api(config.upstream, config.description, place.base)
        return _Judging(await judge_all(config, place, known.api, cases, is_apart=bool(tests)), known)

    judging = asyncio.run(work())
    _say_known(judging.known)
    _WRITERS[str(params.get("form") or "text")](judging)
    return ExitCode.BROKEN if judging.wrong else ExitCode.HOLDS


def _say_known(known: Known) -> None:
    if known.api is None:
        say(f"There is no description: only what needs none is judged. {known.why}".rstrip())
    else:
        say(f"Judged by {one_line(known.api.title) or 'a description'} ({known.api.source}).")


def _as_text(judging: _Judging) -> None:
    for one in judging.judged:
        if one.rulings:
            write_out("".join(f"{line}\n" for line in _told(one)))
    write_out("".join(f"{line}\n" for line in _summary(judging)))


def _told(one: Judged) -> Iterator[str]:
    yield f"{_name(one)}  {_request(one)}"
    for ruling in one.rulings:
        decision = ruling.decision
        words = _DID[decision.effect][0 if ruling.is_applied else 1]
        place = f" at {one_line(decision.place)}" if decision.place else ""
        yield f"  {words} {decision.stage}: {decision.rule}{place}"
        if decision.saw:
            yield f"    saw: {one_line(decision.saw)}"
        yield f"    {_owner(decision)}"


def _summary(judging: _Judging) -> Iterator[str]:
    counts = Counter(one.outcome for one in judging.judged)
    if any(one.rulings for one in judging.judged):
        yield ""
    yield f"{len(judging.judged)} requests:"
    yield from (f"{counts[outcome]:>7}  {words}" for outcome, words in _ENDED.items() if counts[outcome])
    rules = count_rules(judging.judged)
    if rules:
        yield "By rule:"
        yield from (f"{count:>7}  {rule}" for rule, count in rules)
    yield from _expectations(judging)


def _expectations(judging: _Judging) -> Iterator[str]:
    said = [one for one in judging.judged if one.case.expected is not None]
    if not said:
        return
    yield f"As expected: {len(said) - len(judging.wrong)} of {len(said)}."
    for one in judging.wrong[:MAX_MISSES]:
        is_attack = one.case.expected is Expected.BLOCK
        yield f"  {_name(one)}  {'should be refused, but passes' if is_attack else 'should pass, but is refused'}"
    if len(judging.wrong) > MAX_MISSES:
        yield f"  and {len(judging.wrong) - MAX_MISSES} more"


def _name(one: Judged) -> str:
    return f"{one.case.number} {one_line(shortened(one.case.id, MAX_TARGET))}".rstrip()


def _request(one: Judged) -> str:
    """Return method and path; the query may hold secrets, and is not shown."""
    path = one.case.target.partition("?")[0]
    return one_line(f"{one.case.method[:20]} {shortened(path, MAX_TARGET)}")


def _owner(decision: Decision) -> str:
    rule = load_rules().rules.get(decision.rule)
    return rule.owner if rule is not None else ""


def _as_lines(judging: _Judging) -> None:
    for one in judging.judged:
        write_out(json.dumps(_entry(one)) + "\n")


def _as_json(judging: _Judging) -> None:
    counts = Counter(one.outcome for one in judging.judged)
    said = [one for one in judging.judged if one.case.expected is not None]
    api = judging.known.api
    document = {
        "schema": SCHEMA,
        "description": api.source if api is not None else None,
        "counts": {outcome.value: counts[outcome] for outcome in Outcome},
        "rules": dict(count_rules(judging.judged)),
        "expected": {"said": len(said), "missed": len(judging.wrong)} if said else None,
        "requests": [_entry(one) for one in judging.judged],
    }
    write_out(json.dumps(document, indent=2) + "\n")


def _entry(one: Judged) -> dict[str, object]:
    case = one.case
    return {
        "number": case.number,
        "id": case.id,
        "method": case.method,
        "path": case.target.partition("?")[0],
        "operation": one.operation,
        "principal": one.principal,
        "outcome": one.outcome.value,
        "status": one.status,
        "expected": case.expected.value if case.expected is not None else None,
        "as_expected": one.is_as_expected,
        "rulings": [_ruling(ruling) for ruling in one.rulings],
    }


def _ruling(ruling: Ruling) -> dict[str, object]:
    decision = ruling.decision
    return {
        "stage": decision.stage,
        "rule": decision.rule,
        "effect": decision.effect.value,
        "applied": ruling.is_applied,
        "place": decision.place,
        "saw": decision.saw,
        "retry_after_s": decision.retry_after_s,
        "delay_s": decision.delay_s,
        "owner": _owner(decision),
    }


_WRITERS: Final = {"text": _as_text, "json": _as_json, "jsonl": _as_lines}
