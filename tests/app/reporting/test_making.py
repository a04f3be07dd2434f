import json
from dataclasses import replace
from pathlib import Path

import pytest

from apiward.app.reporting.making import ENDINGS, make_report, rendered, report_of
from apiward.core.incident import IncidentState
from apiward.core.watching import WatchStep
from apiward.prove.reports.model import ReportKind
from apiward.stores.watching.store import WatchStore
from tests.app.standing.made import NOW_S, finding, scan, store_in
from tests.prove.reports.made import known
from tests.prove.sample import exchange
from tests.stores.watching.made import INCIDENT

SECRETS = ("hunter2-very-secret", "4111111111111111", "anna@private.example", "eyJhbGciOiJIUzI1NiJ9.e30.x")
"""What stands in the evidence of a finding, and must stand in no report."""


def test_a_report_is_made_of_what_is_kept_in_every_form_and_without_secrets(tmp_path: Path) -> None:
    secret = exchange(answer=" ".join(SECRETS).encode(), headers=(("Authorization", f"Bearer {SECRETS[3]}"),))
    found = finding(evidence=replace(finding().evidence, attack=secret))
    (tmp_path / "apiward.toml").write_text('[business]\nname = "Anna\'s Shop"\n')
    with store_in(tmp_path, scan(found)) as (store, bare):
        alive = replace(INCIDENT, state=IncidentState.OPEN, timeline=(), who=f"user:{SECRETS[2]}")
        WatchStore(store.engine, lambda: NOW_S).commit(WatchStep(incidents=(alive,)))
        place = replace(bare, file=tmp_path / "apiward.toml")
        for kind in ReportKind:
            report = make_report(store, place, NOW_S, kind=kind)
            assert report.title == "Anna's Shop"
            for ending in ENDINGS:
                whole = rendered(report, ending, printer=lambda page: page.encode()).decode()
                assert not [secret for secret in SECRETS if secret in whole], (kind, ending)
                assert "Shop" in whole
        (told,) = make_report(store, place, NOW_S, kind=ReportKind.FULL).incidents
        assert told[0] != INCIDENT.rule


def test_the_form_is_that_of_the_ending() -> None:
    report = report_of(known(), kind=ReportKind.PROOF, settings=None)
    assert rendered(report, ".html").startswith(b"<!doctype html>")
    assert json.loads(rendered(report, ".json"))["kind"] == "proof"
    assert rendered(report, ".txt").startswith(b"Calm Coaching")
    with pytest.raises(KeyError):
        rendered(report, ".doc")
