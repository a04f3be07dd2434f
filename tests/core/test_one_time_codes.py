import pytest

from apiward.core.one_time_codes import STEP_S, code_at

RFC = b"12345678901234567890"
"""The secret of the examples in RFC 6238, appendix B, whose last six digits stand below."""


@pytest.mark.parametrize(
    ("at_s", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(at_s: int, code: str) -> None:
    assert code_at(RFC, at_s // STEP_S) == code
