"""Keys as they are kept: rotation with overlap, pinned addresses, no secret in them."""

import pytest

from apiward.access.keys.ring import KeyRing
from apiward.access.keys.values import ApiKey, new_api_key, rotated
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


def test_the_text_of_a_key_is_kept_nowhere() -> None:
    key, text = made()
    secret = text.split("_")[3]
    assert secret not in repr(key)
    assert secret not in repr(who(check(KeyRing([key]), text)))
    assert key.secrets[0].digest.hex() not in repr(key)


def test_rotation_overlaps() -> None:
    key, old_text = made()
    dice = Dice()
    dice.turn = 50
    new, new_text = rotated(key, random_bytes=dice, now_s=NOW_S + 10, overlap_s=3_600)
    ring = KeyRing([new])
    assert who(check(ring, old_text, now_s=NOW_S + 3_609)).id == key.id
    assert ring.take_uses()[key.id].is_old_secret
    assert who(check(ring, new_text, now_s=NOW_S + 3_609)).id == key.id
    assert not ring.take_uses()[key.id].is_old_secret
    assert rule(check(ring, old_text, now_s=NOW_S + 3_610)) == "key-rotated"
    newest, newest_text = rotated(new, random_bytes=dice, now_s=NOW_S + 20)
    assert rule(check(KeyRing([newest]), old_text, now_s=NOW_S + 21)) == "unknown-key"
    assert who(check(KeyRing([newest]), newest_text, now_s=NOW_S + 21)).id == key.id
    with pytest.raises(ValueError, match="revoked"):
        rotated(newest.revoked(), random_bytes=dice, now_s=NOW_S)


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("203.0.113.9", True),
        ("::ffff:203.0.113.9", True),
        ("203.0.114.1", False),
        ("2001:db8::7", True),
        ("", False),
        ("x", False),
    ],
)
def test_pinned_addresses(address: str, *, is_good: bool) -> None:
    key, text = made(networks=["203.0.113.0/24", "2001:db8::/32"])
    said = check(KeyRing([key]), text, address=address)
    assert (who(said).id if is_good else rule(said)) == (key.id if is_good else "key-address")


def test_wrong_networks_are_refused() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        made(networks=["nowhere"])


def test_ids_are_not_given_twice() -> None:
    first, _ = made()
    second, _ = made(taken=[first.id])
    assert first.id != second.id
