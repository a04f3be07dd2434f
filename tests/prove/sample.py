"""A small catalogue and a scan of a coach's API, made by hand, for the tests of `prove`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from apiward.catalogue.entries import Catalogue, CheckEntry
from apiward.core.account import Origin, Standing
from apiward.core.api import Problem
from apiward.core.exchange import Exchange, Headers, Request, Response
from apiward.core.finding import Finding, Severity
from apiward.core.scan_report import AccountSummary, CheckedItem, Limit, ScanReport
from apiward.core.verdict import Confidence, Evidence, Outcome

TARGET: Final = "http://127.0.0.1:8000"


def entry(
    code: str, name: str, title: str, severity: Severity, *, effort_h: tuple[float, float] = (1, 3)
) -> CheckEntry:
    """Return an entry with words of a usual length."""
    return CheckEntry(
        code=code,
        name=name,
        family="objects",
        title=title,
        severity=severity,
        risks=("object-level",),
        owasp_2019=("API1:2019",),
        owasp_2023=("API1:2023",),
        cwe=(639,),
        meaning="Any customer with a log-in could read the notes of all your other clients.",
        fix="Look up the object by its id and the logged-in user together. Answer 404 where they do not match.",
        ask="Hello. Our API has a problem at {operation}. {saw} Please check the owner on the server. Thank you.",
        effort_h=effort_h,
        proves="A second account was shown the private value of the first.",
        cannot="It does not tell whether anybody has used it.",
        patch="owner" if code.startswith("OBJ") else "value",
        held_by="An ownership rule at the guard.",
        references=("https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/",),
    )


_ENTRIES: Final = (
    entry("OBJ01", "object-read", "Customers can read what belongs to others", Severity.HIGH),
    entry("INJ01", "sql", "Text from a visitor is run by the database", Severity.CRITICAL, effort_h=(2, 6)),
    entry("AUT04", "login-throttle", "Passwords can be guessed without a limit", Severity.MEDIUM),
    entry("CFG03", "headers", "Protective headers are missing", Severity.NOTE, effort_h=(0.25, 0.5)),
    entry("CFG01", "banner", "The server tells its version", Severity.LOW, effort_h=(0.25, 1)),
    entry("PRO01", "mass-assignment", "Customers can give themselves more rights", Severity.HIGH),
    entry("RES02", "page-size", "One request can ask for everything", Severity.MEDIUM, effort_h=(0.5, 2)),
)
CATALOGUE: Final = Catalogue(
    risks=MappingProxyType({}),
    checks=MappingProxyType({e.code: e for e in _ENTRIES}),
    limits=MappingProxyType({}),
)


def exchange(
    method: str = "GET",
    path: str = "/notes/7",
    *,
    headers: Headers = (("Authorization", "Bearer [masked]"), ("Accept", "application/json")),
    body: bytes = b"",
    status: int = 200,
    answer: bytes = b'{"id":7,"owner":"anna","text":"[private note of anna]"}',
    answer_headers: Headers = (("content-type", "application/json"), ("server", "demo")),
) -> Exchange:
    """Return one exchange with the target."""
    return Exchange(
        request=Request(method, TARGET + path, headers, body),
        response=Response(status, answer_headers, answer),
        elapsed_s=0.012,
    )


def finding(
    check: str = "OBJ01",
    operation: str = "GET /notes/{id}",
    *,
    severity: Severity | None = None,
    confidence: Confidence = Confidence.PROVED,
    place: str = "id",
    saw: str = "Ben was shown the private note of Anna, which nobody shared with him.",
    evidence: Evidence | None = None,
) -> Finding:
    """Return a finding, by default that one account reads a note of the other."""
    proof = Evidence(attack=exchange(), control=exchange(path="/notes/99999", status=404, answer=b'{"error":"none"}'))
    return Finding(
        check=check,
        operation=operation,
        place=place,
        severity=CATALOGUE.checks[check].severity if severity is None else severity,
        confidence=confidence,
        saw=saw,
        evidence=evidence or proof,
    )


def item(check: str, operation: str, outcome: Outcome, saw: str = "It was tried.") -> CheckedItem:
    """Return one item of coverage."""
    return CheckedItem(check, operation, outcome, saw)


def report(
    findings: Iterable[Finding] = (),
    *,
    items: Iterable[CheckedItem] | None = None,
    operations: tuple[str, ...] = ("GET /notes/{id}", "POST /login"),
    answered: tuple[str, ...] | None = None,
) -> ScanReport:
    """Return a report without any gap, except what is given."""
    kept = tuple(findings)
    clear = [item("CFG01", operation, Outcome.HOLDS) for operation in operations]
    shown = [item(f.check, f.operation, Outcome.BROKEN, f.saw) for f in kept]
    return ScanReport(
        target=TARGET,
        started_at=datetime(2026, 11, 23, 9, 40, tzinfo=UTC),
        duration_s=12.4,
        request_count=412,
        level="full",
        api_title="Calm Coaching",
        api_source=f"{TARGET}/openapi.json",
        operations=operations,
        operations_asked=operations,
        operations_answered=operations if answered is None else answered,
        left_alone=(),
        findings=kept,
        items=tuple([*clear, *shown] if items is None else items),
        limits=(),
        accounts=(
            AccountSummary("anna", Standing.NORMAL, Origin.SIGNED_UP, is_logged_in=True),
            AccountSummary("ben", Standing.NORMAL, Origin.SIGNED_UP, is_logged_in=True),
        ),
        left_behind=(),
        problems=(),
    )


def full_report() -> ScanReport:
    """Return a scan with everything that can be in a report: many places, gaps, limits, leftovers."""
    notes = [finding(), finding(operation="GET /bookings/{ref}", place="ref", saw="Ben was shown a booking of Anna.")]
    sql = finding(
        "INJ01",
        "GET /clients",
        place="search",
        saw="A quote in `search` broke the query, two quotes repaired it.",
        evidence=Evidence(
            attack=exchange(path="/clients?search=%27&api_key=xyz", status=500, answer=b'near "\'": syntax error'),
            control=exchange(path="/clients?search=%27%27", answer=b"[]"),
            more=(exchange("POST", "/clients", body=b'{"name": "it\'s @me"}', status=201),),
        ),
    )
    paths = ("clients", "notes", "bookings", "payments", "me", "shop/items", "shop/orders", "login", "status")
    heads = [finding("CFG03", f"GET /{path}", place="header", saw="No content-type guard was sent.") for path in paths]
    other = [
        finding("AUT04", "POST /login", place="password", saw="40 wrong passwords in 2 seconds, never told to wait."),
        finding("RES02", "GET /shop/items", place="limit", confidence=Confidence.LIKELY, saw="10,000 rows came back."),
        finding("CFG01", "GET /status", place="server", saw="The answer names nginx 1.18.0."),
        finding("PRO01", "POST /signup", place="role", saw="A sign-up with role=admin was stored, and read back."),
    ]
    operations = (*(f"GET /{path}" for path in paths), "POST /signup", "GET /notes/{id}", "POST /reset")
    base = report([*heads, *notes, *other, sql], operations=(*operations, "DELETE /clients/{id}"))
    unsure = [item("OBJ01", "DELETE /clients/{id}", Outcome.UNSURE, "The answer was 503 three times.")]
    skipped = [item("PRO01", op, Outcome.NOT_RUN, "It needs an admin account.") for op in operations[:4]]
    decided = [i for i in base.items if i.operation not in {"POST /reset", "DELETE /clients/{id}"}]
    return replace(
        base,
        operations_asked=(*operations, "DELETE /clients/{id}"),
        operations_answered=operations[:-1],
        items=(*decided, *unsure, *skipped),
        left_alone=(("POST /reset", "its name says that it deletes data"),),
        limits=(
            Limit(
                "There is no admin account.",
                "So we cannot tell whether customers can do what only you should.",
                "Add one: apiward scan URL --account admin:PASSWORD.",
            ),
        ),
        left_behind=("client 12, made with POST /clients",),
        problems=(Problem("/paths/~1x/get", "The reference leads nowhere."),),
    )


HOSTILE: Final = (
    "<script>alert(1)</script>\"'`|[x](http://evil.test)![i](http://evil.test/p.png)\x1b[2J\x07\u202eflow\u200b @all"
)


def hostile_report() -> ScanReport:
    """Return a report in which everything that can come from a target is hostile."""
    nasty = exchange(
        path="/" + HOSTILE,
        headers=(("X-Nasty", HOSTILE),),
        body=HOSTILE.encode(),
        answer=HOSTILE.encode(),
        answer_headers=((HOSTILE, HOSTILE),),
    )
    bad = finding(operation=f"GET /{HOSTILE}", place=HOSTILE, saw=HOSTILE, evidence=Evidence(nasty, nasty, (nasty,)))
    base = report([bad], operations=(f"GET /{HOSTILE}", "GET /x"))
    return replace(
        base,
        target=f"http://127.0.0.1/{HOSTILE}",
        api_title=HOSTILE,
        api_source=HOSTILE,
        items=(*base.items, item("CFG01", f"GET /{HOSTILE}", Outcome.UNSURE, HOSTILE)),
        left_alone=((HOSTILE, HOSTILE),),
        limits=(Limit(HOSTILE, HOSTILE, HOSTILE),),
        accounts=(AccountSummary(HOSTILE, Standing.NORMAL, Origin.GIVEN, is_logged_in=False),),
        left_behind=(HOSTILE,),
        problems=(Problem(HOSTILE, HOSTILE),),
    )


def with_words(codes: Mapping[str, CheckEntry]) -> Catalogue:
    """Return the catalogue with some entries replaced."""
    return replace(CATALOGUE, checks=MappingProxyType({**CATALOGUE.checks, **codes}))
