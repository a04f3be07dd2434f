from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import BodyKind
from apiward.guard.wire.media import USUAL_CHARSETS, USUAL_TYPES, MediaRules, kind_of
from apiward.guard.wire.unfit import UnfitError

RULES = MediaRules(USUAL_TYPES, USUAL_CHARSETS)


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/json", BodyKind.JSON), ("application/ld+json", BodyKind.JSON), ("text/xml", BodyKind.XML),
        ("image/svg+xml", BodyKind.XML), ("text/csv", BodyKind.TEXT), ("application/graphql", BodyKind.TEXT),
        ("multipart/form-data", BodyKind.MULTIPART), ("application/x-www-form-urlencoded", BodyKind.FORM),
        ("image/png", BodyKind.BINARY), ("", BodyKind.BINARY),
    ],
)  # fmt: skip
def test_kinds(media_type: str, kind: BodyKind) -> None:
    assert kind_of(media_type) is kind


def test_a_boundary_is_read_and_not_kept_with_others() -> None:
    for boundary in (b"one", b"two"):
        assert RULES.read(b'multipart/form-data; boundary="' + boundary + b'"').boundary == boundary


def test_no_types_mean_that_none_is_taken() -> None:
    with pytest.raises(UnfitError):
        MediaRules((), USUAL_CHARSETS).read(b"application/json")


@given(st.binary(max_size=60) | st.from_regex(rb"[a-z]+/[a-z+]+(; ?[a-z]+=\"?[a-z0-9-]*\"?)*", fullmatch=True))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for _ in range(2):
        with suppress(UnfitError):
            RULES.read(raw)
