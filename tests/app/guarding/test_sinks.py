import time
from pathlib import Path

import pytest

from apiward.app.guarding.sinks import TALLIES, open_sink
from apiward.app.guarding.upkeep import checkpoint_files, signer_of
from apiward.config.guarding import EventsConfig, GuardConfig, RecordConfig
from apiward.core.event import Event
from apiward.net.proxy.tallies import totals
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.reading import EventReader
from apiward.stores.record.checkpoints import Checkpoint, read_checkpoints
from tests.app.forwarding.receiving import receiver

EVENT = Event("1", time.time(), "GET", "GET /a", "/a", 200, "passed", "192.0.2.1", "anonymous:")


def test_events_are_counted_stored_and_written(tmp_path: Path) -> None:
    config = GuardConfig(events=EventsConfig(lines="events.jsonl"))
    sink = open_sink(tmp_path, tmp_path, config, ["GET /a"], ["permit.log-in"])
    sink.start()
    for number in range(3):
        sink.offer(EVENT._replace(id=str(number)))
    sink.close()
    [reader] = [EventReader(open_database(sqlite_url(tmp_path / "events.sqlite")))]
    assert [stored.event.id for stored in reader.events()] == ["0", "1", "2"]
    assert len((tmp_path / "events.jsonl").read_text().splitlines()) == 3
    counted = {meter.name: value for meter, value in totals(tmp_path / TALLIES).items()}
    assert counted['apiward_requests_total{operation="GET /a",outcome="passed"}'] == 3
    assert counted["apiward_workers_ready"] == 0


def test_what_is_no_request_is_stored_and_counts_for_no_figure(tmp_path: Path) -> None:
    sink = open_sink(tmp_path, tmp_path, GuardConfig(), ["GET /a"], [])
    sink.start()
    sink.tell(EVENT._replace(kind="configuration", operation=""))
    sink.close()
    assert [stored.event.kind for stored in EventReader(open_database(sqlite_url(tmp_path / "events.sqlite"))).events()]
    counted = {meter.name: value for meter, value in totals(tmp_path / TALLIES).items()}
    assert counted['apiward_requests_total{operation="GET /a",outcome="passed"}'] == 0


def test_without_any_event_there_is_no_store(tmp_path: Path) -> None:
    sink = open_sink(tmp_path, tmp_path, GuardConfig(), [], [])
    sink.start()
    sink.close()
    assert not (tmp_path / "events.sqlite").exists()


def test_the_record_is_signed_when_a_guard_ends(tmp_path: Path) -> None:
    config = GuardConfig(record=RecordConfig(checkpoints=("far/one", "far/two")))
    sink = open_sink(tmp_path, tmp_path, config, [], [])
    sink.start()
    sink.offer(EVENT._replace(status=403))
    sink.close()
    key = signer_of(tmp_path).public
    for name in ("one", "two"):
        (checkpoint,) = read_checkpoints((tmp_path / "far" / name).read_text(), key)
        assert isinstance(checkpoint, Checkpoint)
        assert checkpoint.size == 1


def test_a_checkpoint_may_go_to_an_address_beside_a_file(tmp_path: Path) -> None:
    with receiver() as got:
        config = GuardConfig(record=RecordConfig(checkpoints=("far/one", got.address)))
        sink = open_sink(tmp_path, tmp_path, config, [], [])
        sink.start()
        sink.offer(EVENT._replace(status=403))
        sink.close()
        assert (tmp_path / "far" / "one").read_text().strip().splitlines() == got.lines
    assert checkpoint_files(tmp_path, tmp_path, config) == (tmp_path / "far" / "one",)


def test_figures_say_how_the_store_and_the_record_stand(tmp_path: Path) -> None:
    sink = open_sink(tmp_path, tmp_path, GuardConfig(), [], [])
    sink.start()
    for number in range(3):
        sink.offer(EVENT._replace(id=str(number), status=403))
    sink.close()
    again = open_sink(tmp_path, tmp_path, GuardConfig(), [], [])
    again.start()
    again.close()
    shown = {meter.name: value for meter, value in totals(tmp_path / TALLIES).items()}
    assert shown["apiward_disk_free_bytes"] > 0
    assert (shown["apiward_audit_entries"], shown["apiward_audit_unsigned_entries"]) == (3, 0)
    assert shown["apiward_audit_signed_timestamp_seconds"] >= EVENT.at_s - 60
    assert abs(shown["apiward_events_oldest_timestamp_seconds"] - EVENT.at_s) < 1
    assert (shown["apiward_upkeep_failing"], shown["apiward_events_lag_seconds"]) == (0, 0)


def test_a_store_that_is_away_is_shown_and_told_while_the_disk_is_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/no-folder/\0"
    config = GuardConfig(events=EventsConfig(database=url), record=RecordConfig(low_space_mb=1_000_000))
    sink = open_sink(tmp_path, tmp_path, config, [], [])
    sink.start()
    sink.offer(EVENT)
    sink.close()
    shown = {meter.name: value for meter, value in totals(tmp_path / TALLIES).items()}
    assert (shown["apiward_events_store_away"], shown["apiward_events_lag_seconds"] > 0) == (1, True)
    assert "The disk is nearly full" in capsys.readouterr().err


def test_a_worker_says_that_it_takes_requests(tmp_path: Path) -> None:
    sink = open_sink(tmp_path, tmp_path, GuardConfig(), [], [])
    sink.start()
    counted = {meter.name: value for meter, value in totals(tmp_path / TALLIES).items()}
    sink.close()
    assert counted["apiward_workers_ready"] == 1
