from apiward.core.verdict import Confidence, Outcome
from apiward.scan.checks.authentication.refresh_reuse import CHECK
from tests.scan.checks.authentication.cases import assert_likely, case, twins
from tests.scan.checks.authentication.renewing_business import RenewingBusiness
from tests.scan.harness import scan_app

AT = "POST /token/refresh"
OF = RenewingBusiness
TRIGGERS = (
    case("used again", AT, of=OF, weak="reused"),
    case("after the log-out, in a cookie", AT, of=OF, weak="after", in_cookie=True),
    case("after the log-out, never replaced", AT, of=OF, weak="after", rotates=False),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS, of=OF),
    case("sound, in a cookie, never replaced", AT, Outcome.HOLDS, of=OF, in_cookie=True, rotates=False),
    case("fails at a used one", AT, Outcome.UNSURE, of=OF, weak="stumbles"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_a_repetition_within_seconds_is_only_likely() -> None:
    assert_likely(CHECK, TRIGGERS[0])


def test_what_is_proved_is_told_where_both_are_weak() -> None:
    found = case("both", AT, of=OF, weak="both").scan(CHECK).report.findings
    assert [finding.confidence for finding in found] == [Confidence.PROVED]


def test_all_of_a_token_is_hidden_and_nothing_else() -> None:
    business = RenewingBusiness(weak="after", ending="==", shown_as="refresh")
    scanned = scan_app(business.app(), business.description(), [CHECK])
    secrets = {text for session in scanned.scene.spares for text in session.secrets}
    assert business.used <= secrets
    assert min(map(len, secrets)) > 8
    (found,) = scanned.report.findings
    assert not [refresh for refresh in business.refreshes if refresh in str(found.evidence)]
