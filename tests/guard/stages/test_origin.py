from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Api, Operation, Parameter
from apiward.core.api import Place as ParameterPlace
from apiward.core.call import Call
from apiward.core.decision import Decision, Effect
from apiward.guard.origins.locating import load_locating
from apiward.guard.stage import Judgement
from apiward.guard.stages.origin import OnMalformed, Origin, OriginSettings
from tests.guard.calls import NOW_S, FakeBlocks, call, parts

PROXY = "10.0.0.1"
TRUSTED: dict[str, Any] = {"trusted_proxies": ("10.0.0.0/8", "2001:db8:ffff::/48")}


def origin(blocks: FakeBlocks | None = None, api: Api | None = None, **settings: object) -> Origin:
    known = OriginSettings(**settings)  # type: ignore[arg-type]
    locating = load_locating(known.provider_file, known.country_file)
    return Origin(known, parts(blocks=blocks, api=api, locating=locating))


def rules(said: Judgement) -> list[str]:
    assert said is None or isinstance(said, Decision | tuple)
    found = (said,) if isinstance(said, Decision) else said or ()
    return [decision.rule.removeprefix("origin.") for decision in found]


def seen(
    stage: Origin, peer: str = "192.0.2.1", *, more: tuple[tuple[bytes, bytes], ...] = (), **headers: str
) -> tuple[list[str], Call]:
    request = call(peer=peer, client="", headers={name.replace("_", "-"): value for name, value in headers.items()})
    request.headers.extend(more)
    request.header = dict(reversed(request.headers))
    return rules(stage.on_head(request)), request


def client(stage: Origin, peer: str = PROXY, *more: bytes, **headers: str) -> str:
    said, request = seen(stage, peer, more=tuple((b"x-forwarded-for", value) for value in more), **headers)
    return ",".join(said) or request.client


def test_without_a_proxy_the_peer_is_the_client() -> None:
    assert client(origin(), "192.0.2.1") == "192.0.2.1"
    assert client(origin(), "::ffff:192.0.2.1") == "192.0.2.1"
    assert client(origin(), "2001:DB8:0::1%eth0") == "2001:db8::1"
    assert client(origin(), "") == ""


def test_what_strangers_say_of_their_address_is_not_believed_and_taken_off() -> None:
    for stage in (origin(), origin(**TRUSTED)):
        said, request = seen(
            stage, "192.0.2.1", x_forwarded_for="127.0.0.1", x_real_ip="127.0.0.1", forwarded="for=1.1.1.1"
        )
        assert said == ["claim"]
        assert request.client == "192.0.2.1"
        decision = stage.on_head(request)
        assert isinstance(decision, tuple)
        assert decision[0].effect is Effect.EDIT
        assert decision[0].edit is not None
        assert decision[0].edit.removed == {b"x-forwarded-for", b"x-real-ip", b"forwarded"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((b"203.0.113.7",), "203.0.113.7"),
        ((b"1.1.1.1, 203.0.113.7",), "203.0.113.7"),
        ((b"127.0.0.1, 203.0.113.7, 10.0.0.9",), "203.0.113.7"),
        ((b"1.1.1.1", b"203.0.113.7"), "203.0.113.7"),
        ((b"nonsense, 203.0.113.7",), "203.0.113.7"),
        ((b"203.0.113.7:4711",), "203.0.113.7"),
        ((b"[2001:db8::7]:4711",), "2001:db8::7"),
        ((b"::ffff:203.0.113.7",), "203.0.113.7"),
        ((b"10.0.0.8, 10.0.0.9",), "10.0.0.8"),
        ((b"203.0.113.7, nonsense",), "forwarded"),
        ((b"203.0.113.7,",), "forwarded"),
        ((b"unknown",), "forwarded"),
        ((b"\xff",), "forwarded"),
        ((b",".join([b"10.0.0.2"] * 40),), "forwarded"),
        ((b"1" * 3_000,), "forwarded"),
    ],
)
def test_of_trusted_proxies_the_right_most_stranger_counts(values: tuple[bytes, ...], expected: str) -> None:
    assert client(origin(**TRUSTED), PROXY, *values) == expected


def test_the_standard_header_and_single_addresses_can_be_used_instead() -> None:
    stage = origin(**TRUSTED, client_header="forwarded")
    assert client(stage, forwarded='for=1.1.1.1;proto=http, for="203.0.113.7:80";by=x') == "203.0.113.7"
    assert client(stage, forwarded='for="[2001:db8::7]:80"') == "2001:db8::7"
    for odd in ("by=x", "for=_hidden", "for=1.1.1.1;for=2.2.2.2", "for=unknown"):
        assert client(stage, forwarded=odd) == "forwarded"
    assert client(stage, PROXY, b"1.1.1.1") == PROXY
    assert client(origin(**TRUSTED, client_header="cf-connecting-ip"), cf_connecting_ip="203.0.113.7") == "203.0.113.7"


def test_a_proxy_that_cannot_be_read_can_stand_for_its_clients() -> None:
    assert client(origin(**TRUSTED, malformed=OnMalformed.PEER), PROXY, b"unknown") == PROXY
    assert client(origin(**TRUSTED), PROXY) == PROXY


def test_local_sockets_are_believed_unless_told_otherwise() -> None:
    assert client(origin(), "", b"203.0.113.7") == "203.0.113.7"
    assert seen(origin(trust_local_sockets=False), "", x_forwarded_for="203.0.113.7")[1].client == ""


@pytest.mark.parametrize(
    "name",
    [b"x-user", b"x_user", b"x-user_id", b"remote-user", b"remote_user", b"x.remote.user", b"x-auth-request-email",
     b"x_amzn_oidc_data", b"x-forwarded-user", b"x-apiward-role"],
)  # fmt: skip
def test_identities_from_outside_are_taken_off_in_every_spelling(name: bytes) -> None:
    for _ in range(2):
        assert seen(origin(), more=((name, b"admin"),))[0] == ["identity"]
    assert seen(origin(**TRUSTED), PROXY, more=((name, b"admin"),))[0] == ["identity"]
    assert seen(origin(**TRUSTED, keep_proxy_identities=True), PROXY, more=((name, b"admin"),))[0] == []
    assert seen(origin(**TRUSTED, keep_proxy_identities=True), more=((name, b"admin"),))[0] == ["identity"]


def test_other_headers_and_described_ones_stay() -> None:
    stage = origin()
    for _ in range(2):
        assert seen(stage, more=((b"x-users", b"1"), (b"user-agent", b"x"), (b"x_shop", b"1")))[0] == []
    described = Api("shop", "1", (Operation("GET", "/", parameters=(Parameter("X-User-Id", ParameterPlace.HEADER),)),))
    assert seen(origin(api=described), more=((b"x-user-id", b"1"),))[0] == []
    assert seen(origin(api=described), more=((b"x_user_id", b"1"),))[0] == ["identity"]


def test_what_is_learned_of_headers_stays_bounded_and_right() -> None:
    stage = origin()
    for number in range(10_000):
        assert seen(stage, more=((b"x-%d" % number, b"1"),))[0] == []
    assert seen(stage, more=((b"x_user", b"1"),))[0] == ["identity"]


@pytest.mark.parametrize(
    ("settings", "peer", "expected"),
    [
        ({"blocked": ("192.0.2.0/24",)}, "192.0.2.1", ["blocked"]),
        ({"blocked": ("192.0.2.0/24",)}, "::ffff:192.0.2.1", ["blocked"]),
        ({"blocked": ("::ffff:192.0.2.0/120",)}, "192.0.2.1", ["blocked"]),
        ({"blocked": ("192.0.2.0/24",)}, "192.0.3.1", []),
        ({"blocked": ("2001:db8::/32", "192.0.2.1")}, "2001:db8:1::5", ["blocked"]),
        ({"blocked": ("0.0.0.0/0",)}, "2001:db8::1", []),
        ({"blocked": ("192.0.2.0/24",), "never_block": ("192.0.2.1",)}, "192.0.2.1", []),
        ({"blocked": ("0.0.0.0/0", "::/0")}, "127.0.0.1", []),
        ({"blocked": ("0.0.0.0/0", "::/0")}, "::1", []),
        ({"only": ("192.0.2.0/24",)}, "192.0.2.1", []),
        ({"only": ("192.0.2.0/24",)}, "192.0.3.1", ["not-listed"]),
        ({"only": ("192.0.2.0/24",)}, "", ["not-listed"]),
    ],
)
def test_networks_are_kept_out_or_in(settings: dict[str, Any], peer: str, expected: list[str]) -> None:
    stage = origin(**settings)
    assert seen(stage, peer)[0] == expected
    assert seen(stage, peer)[0] == expected


def test_who_is_shut_out_for_a_time_is_refused_until_then() -> None:
    blocks = FakeBlocks()
    blocks.block("address:192.0.2.1", reason="guessed passwords", until_s=NOW_S + 60)
    blocks.block("address:2001:db8:0:1::/64", reason="guessed passwords", until_s=NOW_S + 60)
    stage = origin(blocks, never_block=("192.0.2.9",))
    request = call(peer="192.0.2.1")
    decision = stage.on_head(request)
    assert isinstance(decision, Decision)
    assert (decision.rule, decision.saw) == ("origin.shut-out", "guessed passwords")
    assert seen(stage, "2001:db8:0:1::77")[0] == ["shut-out"]
    assert seen(stage, "2001:db8:0:2::77")[0] == []
    assert stage.on_head(call(peer="192.0.2.1", started_s=NOW_S + 61)) is None
    blocks.block("address:192.0.2.9", reason="x", until_s=NOW_S + 60)
    assert seen(stage, "192.0.2.9")[0] == []


def test_the_true_client_is_judged_and_not_its_proxy() -> None:
    stage = origin(**TRUSTED, blocked=("203.0.113.0/24", PROXY), never_block=("203.0.113.5",))
    assert client(stage, PROXY, b"203.0.113.7") == "blocked"
    assert client(stage, PROXY, b"203.0.113.5") == "203.0.113.5"
    assert client(stage, PROXY, b"198.51.100.1") == "198.51.100.1"


def test_providers_come_from_the_file_of_the_owner(tmp_path: Path) -> None:
    file = tmp_path / "ip2asn.tsv"
    file.write_text(
        "192.0.2.0\t192.0.2.127\t64500\tDE\tBad\n192.0.2.128\t192.0.2.255\t64501\tDE\tGood\n"
        "2001:db8::\t2001:db8::ffff\t64500\tDE\tBad\n0.0.0.0\t0.255.255.255\t0\tNone\tNot routed\n"
    )
    stage = origin(blocked_providers=(64500,), provider_file=str(file))
    assert seen(stage, "192.0.2.5")[0] == ["provider"]
    assert seen(stage, "192.0.2.200")[0] == []
    assert seen(stage, "2001:db8::5")[0] == ["provider"]
    assert seen(stage, "198.51.100.1")[0] == []
    file.write_text("no\taddress\t64500\n")
    for name, message in (
        ("ip2asn.tsv", "line 1"),
        ("missing.tsv", "cannot be read"),
        ("missing.mmdb", "cannot be read"),
    ):
        with pytest.raises(ValueError, match=f"provider_file: .*{message}"):
            origin(blocked_providers=(64500,), provider_file=str(tmp_path / name))


@pytest.mark.parametrize(
    ("field", "value"),
    [("blocked", ("192.0.2.0/40",)), ("only", ("shop.test",)), ("trusted_proxies", ("",)), ("never_block", ("x",)),
     ("client_header", "X-Real-IP")],
)  # fmt: skip
def test_settings_that_cannot_be_are_said(field: str, value: Any) -> None:  # noqa: ANN401 - values of any kind are tried
    with pytest.raises(ValueError, match=f"^{field}: "):
        origin(**{field: value})


@given(st.text(max_size=30), st.lists(st.tuples(st.binary(max_size=20), st.binary(max_size=40)), max_size=5))
def test_no_bytes_make_it_fail(peer: str, headers: list[tuple[bytes, bytes]]) -> None:
    stage = origin(**TRUSTED)
    for address in (peer, PROXY):
        request = replace(call(peer=address), headers=[*headers, (b"x-forwarded-for", b"".join(v for _, v in headers))])
        request.header = dict(reversed(request.headers))
        stage.on_head(request)


def test_a_network_is_shut_out_as_a_whole_and_the_owner_in_it_is_not() -> None:
    blocks = FakeBlocks()
    stage = origin(blocks, never_block=("198.51.100.9",))
    assert seen(stage, "198.51.100.66")[0] == []
    blocks.block("network:198.51.100.0/24", reason="a crowd", until_s=NOW_S + 60)
    blocks.block("network:2001:db8::/32", reason="a crowd", until_s=NOW_S + 60)
    said, request = seen(stage, "198.51.100.66")
    decision = stage.on_head(request)
    assert isinstance(decision, Decision)
    assert (said, decision.place, decision.saw, decision.is_ordered) == (["shut-out"], "network", "a crowd", True)
    assert seen(stage, "2001:db8:7::1")[0] == ["shut-out"]
    for other in ("198.51.101.66", "2001:db9::1", "198.51.100.9", ""):
        assert seen(stage, other)[0] == []


def test_a_provider_is_shut_out_by_its_number_where_a_file_says_whose_addresses_are_whose(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("198.51.100.0,198.51.100.255,64500,DE\n")
    blocks = FakeBlocks()
    blocks.block("asn:64500", reason="a crowd", until_s=NOW_S + 60)
    stage = origin(blocks, provider_file=str(tmp_path / "t.csv"))
    assert seen(stage, "198.51.100.66")[0] == ["shut-out"]
    assert seen(stage, "198.51.101.66")[0] == []
    assert seen(origin(blocks), "198.51.100.66")[0] == []
    stage = origin(blocks, country_file=str(tmp_path / "t.csv"))
    assert seen(stage, "198.51.100.66")[0] == ["shut-out"]
