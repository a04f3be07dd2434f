"""A report as lines that GitHub shows beside a change: "workflow commands". Text from the target commands nothing."""

from collections.abc import Collection, Iterator
from typing import Final

from apiward.prove.model import Group, ReportModel
from apiward.prove.neutral import one_line

MOST: Final = 10
"""GitHub shows ten of a kind for each step."""


def annotations(model: ReportModel, failing: Collection[str]) -> Iterator[str]:
    """Yield a line for each problem, those first that fail the build: one of `failing` (ids of findings) is in them."""
    marked = [(any(finding.id in failing for finding in group.findings), group) for group in model.groups]
    errors = [group for is_failing, group in marked if is_failing]
    warnings = [group for is_failing, group in marked if not is_failing]
    for kind, groups in (("error", errors), ("warning", warnings)):
        yield from (_line(kind, group) for group in groups[:MOST])
    if not model.coverage.is_enough:
        yield f"::error title={_property('apiward')}::{_message('Too little could be checked. See the report.')}"


def _line(kind: str, group: Group) -> str:
    title = f"{group.entry.code} {group.severity.word}, {group.confidence.value}"
    what = f"{group.entry.title.rstrip('.')}: {group.place}."
    said = f"{what} {group.findings[0].saw} See: apiward explain {group.entry.code}"
    return f"::{kind} title={_property(title)}::{_message(said)}"


def _message(text: str) -> str:
    return one_line(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
