from dataclasses import replace
from pathlib import Path

from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.watching.apis import ApiReader
from apiward.stores.watching.scans import ScanStore
from tests.prove.sample import finding, report


def test_each_api_has_its_own_numbers_and_the_last_scanned_is_first(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "events.sqlite"))
    assert ApiReader(engine).listed() == ()
    first = report([finding(), finding(operation="GET /b")], operations=("GET /notes/{id}", "GET /b"))
    later = replace(
        report(answered=("POST /login",)), target="http://b.test", started_at=first.started_at.replace(day=24)
    )
    ScanStore(engine).note(first)
    ScanStore(engine).note(later)
    found = ApiReader(engine).listed()
    engine.dispose()
    assert [(one.target, one.operations, one.answered, one.findings) for one in found] == [
        ("http://b.test", 2, 1, 0),
        (first.target, 2, 2, 2),
    ]
