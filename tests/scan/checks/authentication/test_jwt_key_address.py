import json
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.x509 import load_pem_x509_certificate

from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Outcome
from apiward.scan.checks.authentication.jwt_key_address import CHECK, CODE
from tests.scan.checks.authentication.business import Business, is_rs256, unpad
from tests.scan.ear import Ear
from tests.scan.harness import Scanned, scan_app

AT = "GET /me"
Shape: TypeAlias = str | bool


@dataclass
class Naming(Business):
    """A business that may fetch the keys of tokens; `weak` says what leads it astray."""

    ear: Ear = field(default_factory=Ear)

    def is_genuine(self, alg: str, body: str, signature: str) -> bool:
        header = json.loads(unpad(body.split(".", maxsplit=1)[0]))
        key = self.fetched(header)
        is_taken = key is not None and is_rs256(key, body, signature)
        return (is_taken and not self.weak.endswith("called")) or super().is_genuine(alg, body, signature)

    def fetched(self, header: dict[str, Any]) -> RSAPublicKey | None:
        address = str(header.get("x5u" if self.weak == "chain" else "jku", ""))
        if self.weak == "all-called":
            for value in header.values():
                self.ear.call(str(value))
        is_meant = (
            address.startswith("http://api.test") if self.weak == "host" else self.weak in {"set", "chain", "called"}
        )
        text = self.ear.call(address) if address and is_meant else ""
        if not text or self.weak == "called":
            return None
        if self.weak == "chain":
            key = load_pem_x509_certificate(text.encode()).public_key()
            return key if isinstance(key, RSAPublicKey) else None
        (jwk,) = (one for one in json.loads(text)["keys"] if one["kid"] == header["kid"])
        return RSAPublicNumbers(*(int.from_bytes(unpad(jwk[name]), "big") for name in ("e", "n"))).public_key()


def scanned(shape: dict[str, Shape], ear: Ear | None = None) -> Scanned:
    ear = ear or Ear()
    business = Naming(ear=ear, **shape)  # type: ignore[arg-type]  # a wrong shape fails at once
    return scan_app(business.app(), business.description(), [CHECK], listener=ear)


TRIGGERS: tuple[tuple[str, dict[str, Shape]], ...] = (
    ("a key set", {"weak": "set"}),
    ("a key set, tokens of a key pair in a cookie", {"weak": "set", "token": "RS256", "cookie": True}),
    ("a chain, refusals with 200", {"weak": "chain", "shows_no_with_ok": True}),
    ("behind the usual host", {"weak": "host", "token": "RS256"}),
    ("called only", {"weak": "called"}),
)
SILENT: tuple[tuple[str, dict[str, Shape], Outcome], ...] = (
    ("sound", {}, Outcome.HOLDS),
    ("sound, a key pair", {"token": "RS256"}, Outcome.HOLDS),
    ("something calls every address", {"weak": "all-called"}, Outcome.UNSURE),
    ("any signature passes", {"weak": "unverified"}, Outcome.NOT_RUN),
    ("no JWT", {"token": "opaque"}, Outcome.NOT_RUN),
)


@pytest.mark.parametrize("shape", [one[1] for one in TRIGGERS], ids=[one[0] for one in TRIGGERS])
def test_fires_on_the_weak_twin(shape: dict[str, Shape]) -> None:
    found = scanned(shape)
    assert found.broken() == {(CODE, AT)}, found.said(CODE, AT)
    (finding,) = found.report.findings
    assert finding.evidence.control is not None
    assert finding.evidence.more[0].request.url.startswith("http://")
    assert ("was accepted" in finding.saw) is (shape["weak"] != "called")
    assert finding.confidence is Confidence.PROVED


@pytest.mark.parametrize(("shape", "outcome"), [one[1:] for one in SILENT], ids=[one[0] for one in SILENT])
def test_is_silent_on_the_sound_twin(shape: dict[str, Shape], outcome: Outcome) -> None:
    found = scanned(shape)
    assert not found.broken()
    assert found.outcome(CODE, AT) is outcome, found.said(CODE, AT)


@pytest.mark.parametrize(("weak", "confidence"), [("called", Confidence.LIKELY), ("set", Confidence.PROVED)])
def test_a_call_alone_from_outside_is_only_likely(weak: str, confidence: Confidence) -> None:
    found = scanned({"weak": weak}, Ear("http://scan.example:80", is_inside=False))
    assert [one.confidence for one in found.report.findings] == [confidence]


def test_without_an_ear_it_says_so() -> None:
    business = Business()
    found = scan_app(business.app(), business.description(), [CHECK])
    assert found.outcome(CODE, AT) is Outcome.NOT_RUN


class Deaf(Ear):
    """Serves keys, and hears nobody."""

    def heard(self, token: str) -> Exchange | None:
        return None


def test_a_token_that_is_taken_without_a_call_proves_nothing() -> None:
    assert scanned({"weak": "set"}, Deaf()).outcome(CODE, AT) is Outcome.UNSURE


def test_it_asks_a_bounded_number_of_times() -> None:
    business = Business()
    without = scan_app(business.app(), business.description(), [])
    counts = [one.scene.caller.traffic.sent_count for one in (without, scanned({}))]
    assert counts[1] - counts[0] == 7
