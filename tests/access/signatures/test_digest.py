"""Content-Digest (RFC 9530): one known digest at least, and all known ones right."""

import pytest

from apiward.access.signatures.digest import digest_problem
from tests.access.signatures.rfc9421 import BODY, DIGEST

SHA256 = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"


@pytest.mark.parametrize("field", [DIGEST, SHA256, f"{SHA256}, {DIGEST}", f"md5=:AAAA:, {SHA256}"])
def test_right(field: str) -> None:
    assert digest_problem(field.encode(), BODY) == ""


@pytest.mark.parametrize(
    "field", ["", "md5=:AAAA:", "sha-256", "sha-256=(1)", "sha-256=:AAAA:", f"{SHA256}, sha-512=:AAAA:", "=", "é"]
)
def test_wrong(field: str) -> None:
    assert digest_problem(field.encode(), BODY)


def test_another_body() -> None:
    assert digest_problem(SHA256.encode(), BODY + b" ")
