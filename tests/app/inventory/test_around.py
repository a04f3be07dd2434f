from apiward.app.guarding.described import Described, DescribedOperation
from apiward.app.inventory.around import HostRole, Version, hosts, version_stem, versions
from apiward.app.inventory.joined import joined
from apiward.config.guarding import GuardConfig, UpstreamConfig
from apiward.stores.counted.tallying import Count, OperationCount
from apiward.stores.watching.apis import ScannedApi


def test_versions_are_those_of_the_paths() -> None:
    assert version_stem("/api/v1.2/a/{id}") == "/api/v1.2"
    assert version_stem("/v2") == "/v2"
    assert version_stem("/virtual/vat/{v1}") == ""
    old = DescribedOperation("GET", "/v1/a", is_deprecated=True)
    known = Described("", "", "", "", operations=(old, DescribedOperation("GET", "/v2/a")))
    rows = joined(known, [OperationCount("GET /v2/a", Count(passed=3, refused=1), 1, 9.0)], (), None, ())
    assert versions(rows, is_counted=True) == (Version("/v1", 1, 1, 0, 0, None), Version("/v2", 1, 0, 1, 4, 9.0))
    assert [(one.called, one.requests) for one in versions(rows, is_counted=False)] == [(None, None), (None, None)]
    assert versions((), is_counted=True) == ()


def test_hosts_are_told_once_with_all_that_they_are_and_without_log_ins() -> None:
    config = GuardConfig(
        upstream="http://10.0.0.5:8000",
        upstreams=(UpstreamConfig(servers=("http://10.0.0.6:80",), hosts=("pay.shop.example",)),),
    )
    known = Described("", "", "", "", servers=("https://anna:pw@api.shop.example/v1", "not an address"))
    api = ScannedApi("http://10.0.0.5:8000", "", "", 0, 0, 0, 0, 0)
    assert {one.name: one.roles for one in hosts(config, known, [api])} == {
        "127.0.0.1:8080": (HostRole.GUARD,),
        "10.0.0.5:8000": (HostRole.BEHIND, HostRole.SCANNED),
        "10.0.0.6:80": (HostRole.BEHIND,),
        "pay.shop.example": (HostRole.SERVED,),
        "api.shop.example": (HostRole.DESCRIBED,),
    }
    assert hosts(GuardConfig(), None, ()) == ()
