"""What `--ci` adds to a scan: reports in a folder, only what is proved fails, and notes beside the change."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Final

from apiward.cli.speaking import say
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Confidence
from apiward.prove.annotations import annotations
from apiward.prove.formats import markdown
from apiward.prove.model import ReportModel

FORMATS: Final = ("text", "sarif", "junit", "md", "html")
FOLDER: Final = "apiward-reports/"


def for_pipeline(given: Mapping[str, object]) -> dict[str, object]:
    """Return the options with those that `--ci` stands for, where they were not given."""
    usual = {"formats": FORMATS, "output": FOLDER}
    added = {} if given.get("formats") or given.get("output") else usual
    return {**given, **added, "quiet": True}


def unproved(report: ScanReport) -> frozenset[str]:
    """Return the ids of findings that fail no build: they are told, and a person may judge."""
    return frozenset(one.id for one in report.findings if one.confidence is not Confidence.PROVED)


def tell_pipeline(
    model: ReportModel, failing: Collection[str], env: Mapping[str, str], *, tell: Callable[[str], None]
) -> None:
    """Annotate the change and write the summary, where GitHub runs this. Elsewhere the reports are enough."""
    if env.get("GITHUB_ACTIONS") != "true":
        return
    for line in annotations(model, failing):
        tell(line)
    summary = env.get("GITHUB_STEP_SUMMARY")
    if not summary:
        return
    try:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(markdown.render(model))
    except OSError as error:
        say(f"The summary of the job could not be written ({error.strerror}).")
