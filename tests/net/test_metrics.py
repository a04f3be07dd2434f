from dataclasses import replace
from pathlib import Path

from apiward.core.decision import Decision, Ruling
from apiward.core.event import Event
from apiward.net.metrics import MAX_OPERATIONS, GuardMetrics, guard_meters
from apiward.net.proxy.exposition import exposition
from apiward.net.proxy.tallies import Tally, totals

_OPERATIONS = ["GET /products/{id}", 'POST /a"\\b\n']
_RULES = ["flood.too-many"]
_EVENT = Event(
    id="1",
    at_s=0.0,
    method="GET",
    operation=_OPERATIONS[0],
    path="/products/7",
    status=200,
    outcome="passed",
    client="192.0.2.1",
    principal="user:42",
    own_s=0.000_06,
    elapsed_s=0.002,
)
_RULING = Ruling(Decision("flood.too-many"), is_applied=True)


def _text(folder: Path, *events: Event) -> list[str]:
    tally = Tally(folder, guard_meters(_OPERATIONS, _RULES))
    metrics = GuardMetrics(tally, _OPERATIONS, _RULES)
    for event in events:
        metrics.count(event)
    text = exposition(totals(folder)).splitlines()
    tally.close()
    return text


def test_requests_are_counted_by_operation_and_outcome(tmp_path: Path) -> None:
    text = _text(tmp_path, _EVENT, _EVENT, _EVENT._replace(outcome="refused"), _EVENT._replace(operation=""))
    assert 'apiward_requests_total{operation="GET /products/{id}",outcome="passed"} 2' in text
    assert 'apiward_requests_total{operation="GET /products/{id}",outcome="refused"} 1' in text
    assert 'apiward_requests_total{operation="",outcome="passed"} 1' in text
    assert text.count("# TYPE apiward_requests_total counter") == 1


def test_what_has_no_name_is_counted_as_other(tmp_path: Path) -> None:
    odd = Ruling(Decision("new.rule"), is_applied=False)
    text = _text(tmp_path, _EVENT._replace(operation="GET /new", outcome="new", rulings=(odd,)))
    assert 'apiward_requests_total{operation="other",outcome="other"} 1' in text
    assert 'apiward_rulings_total{rule="other",applied="false"} 1' in text


def test_rulings_are_counted_by_rule_and_whether_they_were_applied(tmp_path: Path) -> None:
    text = _text(tmp_path, _EVENT._replace(rulings=(_RULING, replace(_RULING, is_applied=False), _RULING)))
    assert 'apiward_rulings_total{rule="flood.too-many",applied="true"} 2' in text
    assert 'apiward_rulings_total{rule="flood.too-many",applied="false"} 1' in text


def test_times_are_histograms_whose_buckets_add_up(tmp_path: Path) -> None:
    text = _text(tmp_path, _EVENT, _EVENT._replace(own_s=0.000_1), _EVENT._replace(own_s=9.0, elapsed_s=99.0))
    assert "# TYPE apiward_own_seconds histogram" in text
    own = [line for line in text if line.startswith("apiward_own_seconds")]
    assert own[:2] == ['apiward_own_seconds_bucket{le="5e-05"} 0', 'apiward_own_seconds_bucket{le="0.0001"} 2']
    assert own[-4:] == [
        'apiward_own_seconds_bucket{le="0.05"} 2',
        'apiward_own_seconds_bucket{le="+Inf"} 3',
        "apiward_own_seconds_sum 9.00016",
        "apiward_own_seconds_count 3",
    ]
    assert 'apiward_request_seconds_bucket{le="0.0025"} 2' in text
    assert 'apiward_request_seconds_bucket{le="30.0"} 2' in text
    assert 'apiward_request_seconds_bucket{le="+Inf"} 3' in text


def test_labels_are_escaped(tmp_path: Path) -> None:
    text = _text(tmp_path, _EVENT._replace(operation=_OPERATIONS[1]))
    assert r'apiward_requests_total{operation="POST /a\"\\b\n",outcome="passed"} 1' in text


def test_the_queue_is_shown(tmp_path: Path) -> None:
    tally = Tally(tmp_path, guard_meters((), ()))
    GuardMetrics(tally, (), ()).show_queue(accepted=5, dropped=1, stored=3, waiting_bytes=4096, is_away=True)
    text = exposition(totals(tmp_path)).splitlines()
    assert "apiward_events_dropped_total 1" in text
    assert "# TYPE apiward_events_waiting_bytes gauge" in text
    assert "apiward_events_waiting_bytes 4096" in text
    assert "apiward_events_store_away 1" in text
    tally.close()


def test_the_number_of_labels_is_bounded() -> None:
    many = [f"GET /{number}" for number in range(MAX_OPERATIONS + 500)]
    assert len(guard_meters(many, ())) < 5 * (MAX_OPERATIONS + 10) + 60
