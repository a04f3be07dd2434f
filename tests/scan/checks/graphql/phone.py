"""The phone app's GraphQL of the demo, scanned with the checks of GraphQL alone; each twin once."""

import tempfile
from functools import cache
from pathlib import Path

from apiward.core.verdict import Outcome
from apiward.demo.app import create_app
from apiward.demo.graphql.schema import SCHEMA
from apiward.demo.graphql.telling import told
from apiward.scan.registry import CHECKS
from tests.scan.harness import Scanned, scan_app

ENDPOINT = "POST /graphql"


@cache
def scanned(*weaknesses: str) -> Scanned:
    """Return the scan of a twin with these weaknesses."""
    checks = [check for check in CHECKS if check.code.startswith("GQL")]
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(weaknesses, data_dir=Path(folder))
        try:
            return scan_app(app, {"data": {"__schema": told(SCHEMA)}}, checks)
        finally:
            app.state.desk.storage.close()


def outcome(code: str, *weaknesses: str) -> Outcome:
    """Return how a check ended on a twin."""
    return scanned(*weaknesses).outcome(code, ENDPOINT)
