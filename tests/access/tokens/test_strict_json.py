"""JSON that means one thing, within bounds."""

import json

import pytest

from apiward.access.tokens.strict_json import MAX_DEPTH, UnsafeJsonError, read_object


def test_json_depth() -> None:
    fits = b'{"a":' * MAX_DEPTH + b"1" + b"}" * MAX_DEPTH
    assert read_object(fits)
    with pytest.raises(UnsafeJsonError, match="too-deep"):
        read_object(b'{"a":' + fits + b"}")
    flat = json.dumps({"many": [{} for _ in range(100)]}).encode()
    assert read_object(flat)
