"""Keys at the gate: right, wrong, ended, taken back, rotated, out of place or of scope."""

from dataclasses import replace

from apiward.access.keys.ring import KeyRing
from apiward.access.keys.values import DAY_S, ApiKey, LastUse, new_api_key
from apiward.core.principal import Principal, PrincipalKind
from tests.access.making import NOW_S, rule, who


class Dice:
    """Gives other bytes each time, always the same ones in a run."""

    def __init__(self) -> None:
        self.turn = 0

    def __call__(self, length: int) -> bytes:
        self.turn += 1
        return bytes((self.turn * 31 + place * 7) % 256 for place in range(length))


def made(**changed: object) -> tuple[ApiKey, str]:
    return new_api_key("shop till", random_bytes=Dice(), now_s=NOW_S, **changed)  # type: ignore[arg-type]


def check(ring: KeyRing, text: str, **changed: object) -> object:
    fields = {"method": "GET", "path": "/orders/1", "address": "203.0.113.9", "now_s": NOW_S} | changed
    return ring.check(text.encode(), **fields)  # type: ignore[arg-type]


def test_a_good_key_is_its_principal() -> None:
    key, text = made(roles=["till"], scopes=["GET /orders/**"])
    principal = who(check(KeyRing([key]), text))
    assert principal == Principal(
        PrincipalKind.KEY, key.id, "shop till", roles=frozenset({"till"}), scopes=frozenset({"GET /orders/**"}),
        expires_s=NOW_S + 90 * DAY_S, is_verified=True,
    )  # fmt: skip


def test_unknown_wrong_and_misspelt() -> None:
    key, text = made()
    other, other_text = new_api_key("x", random_bytes=lambda n: bytes([9]) * n, now_s=NOW_S)
    ring = KeyRing([key])
    assert rule(check(ring, other_text)) == "unknown-key"
    imposter, imposter_text = replace(other, id=key.id), other_text
    assert imposter.id == key.id
    assert rule(check(KeyRing([replace(key, secrets=other.secrets)]), text)) == "unknown-key"
    assert rule(check(KeyRing([key]), imposter_text)) == "unknown-key"
    assert rule(check(ring, text[:-1] + ("0" if text[-1] != "0" else "1"))) == "key-misspelt"
    assert rule(check(ring, "garbage")) == "unknown-key"
    assert rule(check(ring, "")) == "unknown-key"


def test_ended_and_taken_back() -> None:
    key, text = made(life_s=100)
    assert who(check(KeyRing([key]), text, now_s=NOW_S + 99)).id == key.id
    assert rule(check(KeyRing([key]), text, now_s=NOW_S + 100)) == "key-expired"
    assert rule(check(KeyRing([key.revoked()]), text)) == "key-revoked"
    endless, endless_text = made(life_s=None)
    assert who(check(KeyRing([endless]), endless_text, now_s=NOW_S * 2)).expires_s is None


def test_the_ring_changes_at_once_and_hands_on_uses_once() -> None:
    key, text = made()
    ring = KeyRing()
    assert ring.is_empty
    ring.replace([key])
    assert ring.get(key.id) is key
    assert ring.keys == (key,)
    assert ring.get("none") is None
    who(check(ring, text))
    assert ring.take_uses() == {key.id: LastUse(NOW_S, "203.0.113.9", "GET /orders/1")}
    assert ring.take_uses() == {}
    ring.replace([key.revoked()])
    assert rule(check(ring, text)) == "key-revoked"
    assert ring.take_uses() == {}
