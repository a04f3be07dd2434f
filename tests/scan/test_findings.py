"""Verdicts become findings: masked, once each, with ids that stay the same."""

from hypothesis import given
from hypothesis import strategies as st

from apiward.catalogue.loading import load_catalogue
from apiward.core.exchange import Exchange, Request, Response
from apiward.core.finding import Severity
from apiward.core.verdict import Confidence, Evidence, Outcome, Verdict
from apiward.scan.findings import findings_of

SECRET = "s3cr3t-Tok3n-0042"
CHECKS = load_catalogue().checks


def _exchange(body: str = "{}") -> Exchange:
    request = Request("GET", f"http://api.test/a?key={SECRET}", (("Authorization", f"Bearer {SECRET}"),), body.encode())
    return Exchange(request, Response(200, (("X-Echo", SECRET),), body.encode()))


def _broken(check: str = "OBJ01", operation: str = "GET /a", place: str = "", saw: str = "It was shown.") -> Verdict:
    evidence = Evidence(_exchange(f'{{"t": "{SECRET}"}}'), _exchange(), (_exchange(SECRET),))
    return Verdict(check, operation, Outcome.BROKEN, saw, place, evidence, Confidence.LIKELY)


def test_no_secret_of_the_scan_is_left_in_a_finding() -> None:
    (found,) = findings_of([_broken(saw=f"It showed {SECRET}.")], CHECKS, {SECRET})
    assert SECRET not in repr(found)
    assert found.evidence.control is not None
    assert len(found.evidence.more) == 1
    assert (found.severity, found.confidence) == (CHECKS["OBJ01"].severity, Confidence.LIKELY)
    assert isinstance(found.severity, Severity)


def test_a_password_that_is_an_ordinary_word_spoils_no_sentence_and_is_masked_in_the_evidence() -> None:
    evidence = Evidence(_exchange('{"word": "password"}'), _exchange())
    saw = "The password was changed."
    verdict = Verdict("OBJ01", "GET /a", Outcome.BROKEN, saw, "", evidence, Confidence.PROVED)
    (found,) = findings_of([verdict], CHECKS, {"password", SECRET})
    assert found.saw == saw
    assert "password" not in found.evidence.attack.text


def test_what_is_no_weakness_is_no_finding() -> None:
    others = [Verdict("OBJ01", "GET /a", outcome, "x") for outcome in Outcome if outcome is not Outcome.BROKEN]
    assert findings_of(others, CHECKS, ()) == ()


def test_each_weakness_is_kept_once_the_first_one() -> None:
    verdicts = [_broken(saw="First."), _broken(saw="Second."), _broken(place="path id"), _broken(operation="GET /b")]
    found = findings_of(verdicts, CHECKS, ())
    assert [finding.saw for finding in found] == ["First.", "It was shown.", "It was shown."]
    assert len({finding.id for finding in found}) == 3


@given(st.text(max_size=20), st.text(max_size=20))
def test_ids_depend_on_check_operation_and_place_alone(operation: str, saw: str) -> None:
    one = findings_of([_broken(operation=operation, saw=saw or "x")], CHECKS, ())
    other = findings_of([_broken(operation=operation, saw="Otherwise.")], CHECKS, {"something"})
    assert one[0].id == other[0].id
    assert len(one[0].id) == 10
