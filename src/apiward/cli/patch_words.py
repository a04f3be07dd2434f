"""How findings and their rules are told: before and after, and the rules as TOML."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from apiward.app.patching.cases import Rule
from apiward.app.patching.filing import TABLES
from apiward.app.patching.judging import After, Result
from apiward.catalogue.loading import load_catalogue
from apiward.config.names import RULES_NAME
from apiward.prove.neutral import one_line

_SAID = {
    After.HELD: "held",
    After.BROKEN: "still broken: the rule was taken back",
    After.IN_THE_WAY: "the rule was in the way and was taken back",
    After.UNSURE: "could not be shown; the rule stays",
    After.NO_RULE: "no rule can hold it",
}


def rules_toml(rules: Iterable[Rule]) -> str:
    """Return rules as they would stand in the file."""
    import tomlkit  # noqa: PLC0415 - late: only commands that write need it

    document = tomlkit.document()
    listed = list(rules)
    for table in TABLES:
        tables = tomlkit.aot()
        for rule in listed:
            if rule.table == table:
                tables.append(tomlkit.item(dict(rule.values)))
        if len(tables):
            document.add(table, tables)
    return tomlkit.dumps(document)


def told(results: Sequence[Result], rules: Sequence[Rule], base: Path) -> str:
    """Return the result for a reader: each finding, how it stands, and what comes next."""
    lines = [line for result in results for line in _finding(result, rules)]
    held = sum(result.is_held for result in results)
    lines.append("")
    lines.append(
        f"{held} of {len(results)} held, shown by a scan through the guard. Directly, all of it is still open."
    )
    if rules:
        lines.append(
            f"{len(rules)} rules stand in {base / RULES_NAME}. Each has a reason and an end: apiward patch list"
        )
    return "\n".join(lines) + "\n"


def _finding(result: Result, rules: Sequence[Rule]) -> Iterator[str]:
    finding = result.finding
    title = load_catalogue().checks[finding.check].title
    yield f"{finding.id} {finding.check} {one_line(finding.operation)}: {_SAID[result.after]}"
    yield f"  {title}."
    own = [rule.id for rule in rules if finding.id in rule.findings]
    if result.after is After.HELD:
        yield f"  before: broken   after: held   by: {', '.join(own) or 'the guard itself'}"
    else:
        yield f"  {one_line(result.saw[:1].upper() + result.saw[1:])}"
