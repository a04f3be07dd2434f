from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from apiward.core.tls import Distrust, TlsFacts
from apiward.core.verdict import Outcome
from apiward.scan.checks.configuration.tls import CHECK
from tests.scan.harness import Scanned, description, operation, scan_app

NOW_S = 1_800_000_000.0
LATER_S = NOW_S + 60 * 86_400
FINE = TlsFacts(ends_s=LATER_S)


@dataclass
class Look:
    """Says of every server what it was told to say."""

    facts: TlsFacts | None

    async def look(self, host: str, port: int) -> TlsFacts | None:
        assert (host != "", port) == (True, 443)
        return self.facts


def scanned(facts: TlsFacts | None, *, host: str = "shop.example", plain: Response | None = None) -> Scanned:
    """Scan an API that is asked by https; `plain` is what it says to whom asks without."""

    async def read(request: Request) -> Response:
        is_plain = request.url.scheme == "http"
        return (plain or RedirectResponse(f"https://{host}/thing")) if is_plain else JSONResponse({"things": [1]})

    app = Starlette(routes=[Route("/thing", read)])
    described = description({"/thing": {"get": operation()}})
    return scan_app(app, described, [CHECK], tls=Look(facts), origin=f"https://{host}", clock=lambda: NOW_S)


TRIGGERS: Mapping[str, TlsFacts] = {
    "still speaks TLS 1.0 and TLS 1.1": TlsFacts(old_versions=("TLS 1.0", "TLS 1.1"), ends_s=LATER_S),
    "weak cipher (ADH-AES128-SHA256)": TlsFacts(weak_ciphers=("ADH-AES128-SHA256",), ends_s=LATER_S),
    "has ended": TlsFacts(distrust=Distrust.EXPIRED),
    "for another name": TlsFacts(distrust=Distrust.OTHER_NAME),
    "signed by nobody else": TlsFacts(distrust=Distrust.SELF_SIGNED),
    "a part between is missing": TlsFacts(distrust=Distrust.UNKNOWN_ISSUER),
    "ends in 3 days": TlsFacts(ends_s=NOW_S + 3.5 * 86_400),
}
SILENT: Mapping[str, TlsFacts] = {"all is well": FINE}
ODD = TlsFacts(distrust=Distrust.OTHER, detail="EE certificate key too weak")


@pytest.mark.parametrize("saw", TRIGGERS)
def test_fires(saw: str) -> None:
    (finding,) = scanned(TRIGGERS[saw]).report.findings
    assert saw in finding.saw


@pytest.mark.parametrize("name", SILENT)
def test_stays_silent(name: str) -> None:
    found = scanned(SILENT[name])
    assert [item.outcome for item in found.report.items] == [Outcome.HOLDS]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "shop.local", "nas"])
def test_what_no_public_issuer_would_sign_is_not_held_against_an_inner_host(host: str) -> None:
    assert not scanned(TlsFacts(distrust=Distrust.SELF_SIGNED), host=host).broken()
    assert scanned(TlsFacts(distrust=Distrust.EXPIRED), host=host).broken()


def test_a_certificate_that_is_not_believed_for_another_reason_is_no_pass() -> None:
    (item,) = scanned(ODD).report.items
    assert (item.outcome, "key too weak" in item.saw) == (Outcome.UNSURE, True)
    (item,) = scanned(ODD, host="localhost").report.items
    assert (item.outcome, "is believed" in item.saw) == (Outcome.HOLDS, False)


def test_an_address_of_the_sixth_version_is_asked_without_encryption_as_well() -> None:
    (finding,) = scanned(FINE, host="[2001:db8::1]", plain=JSONResponse({"things": [2]})).report.findings
    assert finding.evidence.more[0].request.url == "http://[2001:db8::1]/thing"


def test_the_same_answer_without_encryption_is_told() -> None:
    (finding,) = scanned(FINE, plain=JSONResponse({"things": [2]})).report.findings
    assert "come unencrypted as well" in finding.saw
    assert finding.evidence.more[0].request.url == "http://shop.example/thing"
    assert not scanned(FINE, plain=JSONResponse({"hello": "please use https"})).broken()
    assert not scanned(FINE, plain=Response(status_code=403)).broken()


def test_what_may_be_secret_never_travels_unencrypted() -> None:
    seen: list[tuple[str, bool]] = []

    async def read(request: Request) -> Response:
        seen.append((request.url.scheme, "x-key" in request.headers))
        return JSONResponse({"things": [1]})

    app = Starlette(routes=[Route("/thing", read)])
    described = description({"/thing": {"get": operation()}})
    key = (("X-Key", "secret"),)
    assert scan_app(
        app, described, [CHECK], tls=Look(FINE), origin="https://shop.example", clock=lambda: NOW_S, headers=key
    ).broken()
    assert ("http", False) in seen
    assert ("http", True) not in seen
    assert ("https", True) in seen


def test_without_a_look_it_says_so_and_without_tls_it_has_nothing_to_say() -> None:
    assert [item.outcome for item in scanned(None).report.items] == [Outcome.UNSURE]
    app, described = Starlette(routes=[]), description({"/thing": {"get": operation()}})
    assert scan_app(app, described, [CHECK]).report.items == ()
    (item,) = scan_app(app, described, [CHECK], origin="https://shop.example").report.items
    assert item.outcome is Outcome.NOT_RUN
