import pytest

from apiward.catalogue.rules import load_rules
from apiward.watch import signs
from tests.watch.seeing import event


@pytest.mark.parametrize(
    ("status", "sign"),
    [(200, signs.GOOD), (302, signs.GOOD), (401, signs.NOT_IN), (403, signs.DENIED), (404, signs.MISSING),
     (410, signs.MISSING), (422, signs.REJECTED), (429, signs.REJECTED), (500, signs.BROKEN), (0, signs.BROKEN)],
)  # fmt: skip
def test_what_a_status_says(status: int, sign: int) -> None:
    assert signs.status_sign(status) == sign


def test_what_the_guard_said() -> None:
    assert signs.ruling_signs(event(rules=("objects.foreign",))) == signs.FOREIGN
    assert signs.ruling_signs(event(rules=("inspect.sql",))) == signs.ATTACK
    assert signs.ruling_signs(event(rules=("inspect.target", "route.retired"))) == (
        signs.ATTACK | signs.INWARD | signs.RETIRED
    )
    assert signs.ruling_signs(event(rules=("flood.too-many",), refused=True)) == signs.FLOOD | signs.REFUSED
    assert signs.ruling_signs(event(rules=("shape.body",))) == signs.RULED
    assert signs.ruling_signs(event(rules=("origin.blocked",), refused=True)) == -1
    assert signs.ruling_signs(event(rules=("origin.blocked",))) == signs.RULED


def test_every_rule_that_is_named_exists() -> None:
    assert {*signs.BY_RULE, *signs.SHUT_OUT} <= set(load_rules().rules)
    assert set(signs.BY_STAGE) <= set(load_rules().stages)


def test_bits_are_all_different() -> None:
    found = [value for name, value in vars(signs).items() if name.isupper() and isinstance(value, int)]
    assert all(value.bit_count() == 1 for value in found)
    assert len(set(found)) == len(found)
