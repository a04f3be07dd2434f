import json
import random
from types import SimpleNamespace
from typing import cast

from apiward.scan.proofs.trials.key_addresses import NO_MEANING, naming, naming_keys
from apiward.scan.proofs.trials.tokens import Jwt, read_jwt
from apiward.scan.scene import Scene
from tests.scan.ear import Ear

ORIGIN = "https://api.example:8443/v1"


def scene() -> Scene:
    caller = SimpleNamespace(origin=ORIGIN)
    return cast("Scene", SimpleNamespace(rng=random.Random(1), clock=lambda: 1_700_000_000.0, caller=caller))


def token(**header: str) -> Jwt:
    return Jwt("", {"alg": "RS256", "kid": "shop-1", **header}, {"sub": "kim"}, b"", b"")


def headers(text: str) -> dict[str, str]:
    read = read_jwt(text)
    assert read is not None
    return {name: str(value) for name, value in read.header.items()}


def test_each_token_names_an_address_of_its_own_and_a_key_that_nobody_else_has() -> None:
    ear = Ear()
    tried = list(naming_keys(scene(), ear, token(x5t="old", jwk="old")))
    shown = [headers(one.text) for one in tried]
    assert [one.field for one in tried] == ["jku", "x5u", "jku"]
    assert len({one["kid"] for one in shown}) == len({one.lure.token for one in tried}) == 3
    assert all(one["kid"].startswith("apiward-") and not {"x5t", "jwk"} & set(one) for one in shown)
    assert shown[0]["jku"] == f"{tried[0].lure.address}/.well-known/jwks.json"
    assert [headers(one.twin) for one in tried] == shown


def test_the_key_stands_where_the_token_says() -> None:
    ear = Ear()
    key_set, chain, _ = naming_keys(scene(), ear, token())
    (key,) = json.loads(ear.call(headers(key_set.text)["jku"]))["keys"]
    assert key["kid"] == headers(key_set.text)["kid"]
    assert ear.call(headers(chain.text)["x5u"]).startswith("-----BEGIN CERTIFICATE-----")
    assert key_set.lure.call is not None


def test_the_usual_host_is_that_of_the_token_or_of_the_api() -> None:
    assert "//api.example@127.0.0.1:" in headers([*naming_keys(scene(), Ear(), token())][2].text)["jku"]
    own = token(jku="https://keys.example/set.json")
    assert "//keys.example@127.0.0.1:" in headers([*naming_keys(scene(), Ear(), own)][2].text)["jku"]
    broken = token(jku="http://[")
    assert headers([*naming_keys(scene(), Ear(), broken)][2].text)["jku"].startswith("http://127.0.0.1:")


def test_a_field_without_meaning_leads_nowhere_else() -> None:
    one = naming(scene(), Ear(), token(jku="https://keys.example/set.json"), NO_MEANING)
    assert headers(one.text)[NO_MEANING] == one.lure.address
    assert not {"jku", "x5u"} & set(headers(one.text))
