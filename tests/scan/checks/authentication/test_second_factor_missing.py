import pytest

from apiward.core.verdict import Confidence, Outcome
from apiward.scan.checks.authentication.second_factor_missing import CHECK
from apiward.scan.proofs.trials.second_factor import totp
from apiward.spec.meaning.factors import speaks_of_factor
from tests.scan.checks.authentication.account_business import AccountBusiness
from tests.scan.checks.authentication.cases import Case, assert_silent, case

AT = "POST /login"
OF = AccountBusiness
PROVED = (
    case("a token before the code", AT, of=OF, weak="early"),
    case("a token before the code, opaque", AT, of=OF, weak="early", token="opaque"),
)
LIKELY = (
    case("on, and never asked for", AT, of=OF, weak="never-asked"),
    case("offered nowhere, with staff", AT, of=OF, factor=""),
)
TRIGGERS = PROVED + LIKELY
SILENT = (
    case("sound", AT, Outcome.HOLDS, of=OF),
    case("sound, refusals with 200", AT, Outcome.HOLDS, of=OF, shows_no_with_ok=True),
    case("the early token opens one bare record", AT, Outcome.HOLDS, of=OF, weak="half"),
    case("any code switches it on", AT, Outcome.UNSURE, of=OF, weak="any-code"),
    case("described, and not ours to switch on", AT, Outcome.UNSURE, of=OF, factor="described"),
    case("nothing that needs more than a password", AT, Outcome.NOT_RUN, of=OF, factor="", has_staff=False),
)


@pytest.mark.parametrize("one", TRIGGERS, ids=lambda one: one.name)
def test_fires_on_the_weak_twin_and_only_an_early_token_is_proof(one: Case) -> None:
    (found,) = one.scan(CHECK).report.findings
    assert (found.check, found.operation) == (CHECK.code, one.at)
    assert found.confidence is (Confidence.PROVED if one in PROVED else Confidence.LIKELY)


@pytest.mark.parametrize("one", SILENT, ids=lambda one: one.name)
def test_is_silent_on_the_sound_twin(one: Case) -> None:
    assert_silent(CHECK, one)


def test_codes_are_those_of_the_standard() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B: the last six of eight digits
    assert [totp(secret, now) for now in (59, 1_111_111_109, 20_000_000_000)] == ["287082", "081804", "353130"]


@pytest.mark.parametrize(
    "text", ["2fa-setup", "enableTwoFactor".replace("T", "-T"), "mfa_verify", "Passkeys", "me/otp"]
)
def test_words_for_a_second_factor(text: str) -> None:
    assert speaks_of_factor(text)


@pytest.mark.parametrize("text", ["potpourri", "two factories", "laptop", "option", "a step"])
def test_words_for_something_else(text: str) -> None:
    assert not speaks_of_factor(text)
