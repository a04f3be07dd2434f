import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.templates import Pattern, names_in, segments_of


def test_texts_and_parameters_are_told_apart() -> None:
    assert segments_of("/orders/{id}:cancel") == ("", "orders", Pattern(("", ":cancel"), ("id",)))
    assert segments_of("/caf%C3%A9?x={y}") == ("", "café")


def test_what_a_parameter_takes() -> None:
    assert Pattern(("", ""), ("id",)).is_whole
    assert not Pattern(("v", ""), ("id",)).is_whole
    for name in ("path+", "path*", "path...", "p:path"):
        assert Pattern(("", ""), (name,)).is_rest
    assert not Pattern(("", ""), ("path",)).is_rest


@pytest.mark.parametrize(
    ("texts", "segment", "values"),
    [
        (("", ".", ""), "a.b.c", ("a", "b.c")),
        (("v", ""), "v2", ("2",)),
        (("v", ""), "v", None),
        (("", ".", ""), ".b", None),
        (("", ".", ""), "a.", None),
        (("", "x", "x"), "axbx", ("a", "b")),
        (("", "", ""), "ab", ("a", "b")),
    ],
)
def test_values_are_cut_out(texts: tuple[str, ...], segment: str, values: tuple[str, ...] | None) -> None:
    assert Pattern(texts, tuple("abc"[: len(texts) - 1])).values(segment) == values


def test_names_are_bare() -> None:
    assert names_in("/{a}/x/{b}.{c}/{rest:path}") == ("a", "b", "c", "rest")
    assert names_in("/{proxy+}") == ("proxy",)


@given(st.text(alphabet="{}ab./:*+", max_size=20), st.text(alphabet="ab./:", max_size=20))
def test_any_template_is_read(template: str, segment: str) -> None:
    for one in segments_of(template):
        if isinstance(one, Pattern):
            values = one.values(segment)
            assert values is None or len(values) == len(one.names)
