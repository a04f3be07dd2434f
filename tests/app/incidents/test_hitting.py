from pathlib import Path

import pytest
from sqlalchemy import text

from apiward.app.incidents.hitting import HitsOthersError, check_hits, hit_words, networks_of, nobody_knows, others_of
from apiward.core.watching import WatchStep
from apiward.stores.events.database import open_database, sqlite_url
from tests.app.incidents.made import watched
from tests.stores.events.made import NOW_S, event

NETWORK = "network:192.0.2.0/24"


def test_others_are_counted_and_unknown_where_the_store_is_away(tmp_path: Path) -> None:
    with watched(tmp_path) as here:
        here.record.commit(WatchStep(events=[event(1), event(2, principal="user:7")]))
    engine = open_database(sqlite_url(tmp_path / "events.sqlite"))
    others = others_of(engine)
    assert (others(NETWORK, NOW_S + 60), others(NETWORK, NOW_S), others(NETWORK, NOW_S + 9 * 86_400)) == (2, 0, 0)
    assert hit_words(NETWORK, others, NOW_S + 60) == "It also hits 2 callers who fared well there in the last week."
    assert hit_words(NETWORK, others, NOW_S) == ""
    assert others("network:nonsense", NOW_S) is None
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE events RENAME TO elsewhere"))
    assert others(NETWORK, NOW_S) is None
    engine.dispose()


def test_who_stands_for_many_is_shut_out_only_where_nobody_else_is_hit() -> None:
    check_hits([NETWORK, "tenant:acme"], lambda *_: 0, NOW_S, "do it")
    check_hits(["user:7", "address:192.0.2.7", "operation:GET /a"], lambda *_: 9, NOW_S, "do it")
    for key in (NETWORK, "tenant:acme", "asn:64500"):
        with pytest.raises(HitsOthersError, match="1 caller fared well"):
            check_hits(["user:7", key], lambda *_: 1, NOW_S, "do it")
        with pytest.raises(HitsOthersError, match="Nobody knows"):
            check_hits([key], nobody_knows, NOW_S, "do it")


def test_networks_are_those_of_several() -> None:
    several = ["198.51.100.7", "198.51.100.9", "203.0.113.7", "203.0.113.7", "2001:db8:1::1", "2001:db8:1:5::1", "x"]
    assert networks_of(several) == ("network:198.51.100.0/24", "network:2001:db8:1::/48")
    assert networks_of(["198.51.100.7", "203.0.113.7"]) == ()
    assert len(networks_of(f"10.{net}.0.{host}" for net in range(40) for host in (1, 2))) == 20
