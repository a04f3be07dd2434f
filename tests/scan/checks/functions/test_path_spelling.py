"""FUN04 against small APIs: another spelling of a path that refuses."""

from starlette.types import Scope

from apiward.core.account import Account, Standing
from apiward.core.verdict import Confidence
from apiward.scan.checks.functions.path_spelling import CHECK, spellings
from tests.scan.checks.functions.door import answers_all, behind, moved, plain, twins
from tests.scan.harness import scan_app
from tests.scan.small_api import OLIVIA, Case


def doubled(scope: Scope) -> Scope | None:
    path = scope["path"]
    return moved(scope, path.replace("//", "/")) if "//" in path else None


def in_capitals(scope: Scope) -> Scope | None:
    path = scope["path"]
    return moved(scope, path.lower()) if path != path.lower() else None


def with_format(scope: Scope) -> Scope | None:
    path = scope["path"]
    return moved(scope, path.removesuffix(".json")) if path.endswith(".json") else None


TRIGGERS: tuple[Case, ...] = (
    ("a doubled slash", behind(doubled)),
    ("capital letters, refusals with 200", behind(in_capitals, fails_with_200=True)),
    ("a format", behind(with_format)),
)
SILENT: tuple[Case, ...] = (
    ("sound", behind(plain)),
    ("the same for every odd path", answers_all(with_format)),
)


test_finds_a_way_around, test_is_silent_where_every_way_is_refused = twins(CHECK, TRIGGERS, SILENT)


def test_without_a_staff_account_or_a_described_answer_it_is_likely() -> None:
    findings = scan_app(*behind(doubled)(), [CHECK]).report.findings
    assert {finding.confidence for finding in findings} == {Confidence.LIKELY}


def test_an_account_of_staff_that_is_refused_as_well_proves_nothing() -> None:
    helper = Account(name="helper", username=OLIVIA, password="olivias-own-9", standing=Standing.PRIVILEGED)
    findings = scan_app(*behind(doubled)(), [CHECK], accounts=[helper]).report.findings
    assert {finding.confidence for finding in findings} == {Confidence.LIKELY}


def test_spellings_differ_from_the_path_and_from_one_another() -> None:
    found = [spelt for _, spelt in spellings("/api/v2/admin/users")]
    assert len({*found, "/api/v2/admin/users"}) == len(found) + 1
    assert {"/api/v2//admin/users", "/api/v2/ADMIN/users", "/api/v2/%61dmin/users"} <= set(found)
    assert spellings("/admin")[1] == ("with a doubled slash", "//admin")
