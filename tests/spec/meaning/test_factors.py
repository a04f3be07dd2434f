import pytest

from apiward.spec.meaning.factors import asks_for_code, is_code_beside_password, is_code_name, is_only_code_name


@pytest.mark.parametrize(
    "text",
    [
        '{"mfa_required": true}',
        "A one-time code is needed",
        '{"error": "code_required"}',
        "Enter your verification code",
        "2FA",
    ],
)
def test_answers_that_ask_for_a_code(text: str) -> None:
    assert asks_for_code(text)


@pytest.mark.parametrize(
    "text", ["", "wrong name or password", '{"code": 401}', "your postal code", "potpie", "hotpot"]
)
def test_answers_that_ask_for_none(text: str) -> None:
    assert not asks_for_code(text)


@pytest.mark.parametrize(
    ("name", "only", "beside"),
    [
        ("otp", True, True),
        ("totpCode", True, True),
        ("mfa_token", False, True),
        ("code", True, True),
        ("country_code", True, False),
        ("companyCode", True, False),
        ("token", False, False),
        ("password", False, False),
    ],
)
def test_fields_for_codes(name: str, *, only: bool, beside: bool) -> None:
    assert (is_only_code_name(name), is_code_beside_password(name)) == (only, beside)
    assert is_code_name(name) is (only or name in ("mfa_token", "token"))
