from hypothesis import given
from hypothesis import strategies as st

from apiward.inspection.markup.tags import MAX_TAGS, Tag, tags_of


def only(text: str) -> Tag:
    (tag,) = tags_of(text)
    return tag


def test_name_and_attributes() -> None:
    assert only("<a href=\"x\" title='y' z=`w` v>b").attributes == (
        ("href", "x"),
        ("title", "y"),
        ("z", "w"),
        ("v", ""),
    )


def test_slashes_and_plus_signs_stand_for_blanks() -> None:
    assert only("<svg/onload=go()>").attributes == (("onload", "go()"),)
    assert only("<video+src=x+onerror=go()>").name == "video"


def test_bracket_inside_quotes_does_not_end_the_tag() -> None:
    assert only('<a title="x>y" onclick=z>').attributes[-1] == ("onclick", "z")


def test_quote_that_never_closes_ends_at_the_bracket() -> None:
    assert only('<a title="x> and then text').attributes[0][0] == "title"


def test_tag_that_never_ends() -> None:
    assert only("<img src=x onerror=go()").attributes[-1] == ("onerror", "go()")


def test_what_is_no_tag() -> None:
    assert list(tags_of("a <3, </p>, < , <-, 1 <2")) == []


def test_tags_are_bounded() -> None:
    assert len(list(tags_of("<a>" * 1_000))) == MAX_TAGS


@given(st.text(alphabet="<>ab=\"'` /\n!?", max_size=200))
def test_never_raises(text: str) -> None:
    assert all(tag.name for tag in tags_of(text))
