"""`apiward report`: how an API stands, as a page to read or to show. What it does stands in `report_desk`."""

import click

from apiward.cli.choices import OneOf
from apiward.cli.placing import placed

KINDS = ("summary", "full", "proof")


@click.command("report")
@click.option(
    "--output", "-o", metavar="FILE", help="FILE.html, FILE.pdf, FILE.json or FILE.txt; without it, text is shown."
)
@click.option(
    "--kind", type=OneOf(KINDS), default="summary", help="summary: one page. full: all. proof: to show others."
)
@click.option("--json", "is_json", is_flag=True, help="As JSON, to stdout.")
@click.option(
    "--target", metavar="URL", help="Which API, where several were scanned; else that which was scanned last."
)
@click.option("--store", metavar="DIR|URL", help="Where scans were kept, if not where the guard here keeps its events.")
@placed
def COMMAND(**given: object) -> int:  # noqa: N802 - the name that the group looks for
    """Tell how your API stands: the grade, what lifts it, what is open, what was not checked.

    It is made from what scans, guard and watch have kept. Nothing is sent, and nothing is scanned.
    Exit code 3: too little is known for a grade.
    """
    from apiward.cli.report_desk import report  # noqa: PLC0415 - help must be fast

    return report(given)
