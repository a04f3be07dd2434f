from apiward.net.proxy.exposition import exposition
from apiward.net.proxy.tallies import Meter

REQUESTS = Meter('requests_total{status="2xx"}', "Requests.")
OTHERS = Meter('requests_total{status="5xx"}', "Requests.")
OPEN = Meter("open", "Open now.", is_gauge=True)
TIMES = [Meter(f"took_{rest}", "Seconds.") for rest in ('bucket{le="1"}', 'bucket{le="+Inf"}', "sum")]
SHOWN = (
    "# HELP took Seconds.\n# TYPE took histogram\n"
    'took_bucket{le="1"} 3\ntook_bucket{le="+Inf"} 5\ntook_sum 9.5\ntook_count 5\n'
)


def test_prometheus_gets_each_family_once() -> None:
    assert exposition({REQUESTS: 23.0, OPEN: 1e9, OTHERS: 0.5}) == (
        "# HELP requests_total Requests.\n# TYPE requests_total counter\n"
        'requests_total{status="2xx"} 23\nrequests_total{status="5xx"} 0.5\n'
        "# HELP open Open now.\n# TYPE open gauge\nopen 1000000000\n"
    )


def test_buckets_add_up_and_a_sum_without_buckets_is_a_counter() -> None:
    alone = Meter("paid_sum", "Money.")
    text = exposition(dict(zip((*TIMES, alone), (3.0, 2.0, 9.5, 7.0), strict=True)))
    assert text == SHOWN + "# HELP paid_sum Money.\n# TYPE paid_sum counter\npaid_sum 7\n"
