"""Verifies that a request was signed by a known partner, covers what matters, is fresh, and comes once (RFC 9421)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from apiward.access.nonces import Nonces, Taken
from apiward.access.refusals import refused, shown
from apiward.access.signatures.algorithms import Signer
from apiward.access.signatures.components import ComponentError, covered_names, signature_base
from apiward.access.signatures.digest import digest_problem
from apiward.access.signatures.structured import InnerList, Item, Member, StructuredFieldError, parse_dictionary
from apiward.core.api import SAFE_METHODS
from apiward.core.call import Call
from apiward.core.decision import Decision
from apiward.core.principal import Principal

MAX_SIGNATURES: Final = 4
MAX_NONCE: Final = 256
BODY_NOTE: Final = "authenticate.signed-body"
"""Stands in `Call.notes` for a signed call: whether the signature covers a digest, with which the body is compared."""


@dataclass(frozen=True, slots=True)
class SignatureRules:
    """What a signature must have. Times in seconds."""

    components: frozenset[str] = frozenset({"@method", "@authority", "@path", "@query"})
    covers_body: bool = True
    max_age_s: float = 300.0
    skew_s: float = 30.0
    needs_nonce: bool = False
    tag: str = ""


class SignatureCheck:
    """Checks the signatures of a request; one good signature of a known signer is enough."""

    def __init__(self, signers: Iterable[Signer], rules: SignatureRules, nonces: Nonces) -> None:
        self._signers = {signer.key_id: signer for signer in signers}
        self._rules, self._nonces = rules, nonces

    def check(self, call: Call, now_s: float) -> Principal | Decision:
        """Return who signed the request, or why it is refused. Leaves a note where the body is to be checked."""
        inputs = _field(call, b"signature-input")
        values = _field(call, b"signature")
        if inputs is None or values is None:
            return refused("signature-unreadable")
        problem = refused("signature-unknown", saw="no signature of a known signer")
        candidates = [(label, member) for label, member in inputs.items() if self._is_meant(member)]
        for label, member in candidates[:MAX_SIGNATURES]:
            if isinstance(member, InnerList):
                found = self._checked(call, member, values.get(label), now_s)
                if isinstance(found, Principal):
                    return found
                problem = found
        return problem

    def check_body(self, call: Call) -> Decision | None:
        """Return the refusal of a request whose body is not the signed one. Call it when the body has been read."""
        is_covered = call.notes.get(BODY_NOTE)
        if is_covered is None:
            return None
        if not is_covered:
            return refused("signature-cover", saw="a body without a signed content-digest") if call.body else None
        if not call.is_body_whole:
            return refused("signature-body", saw="the body was not read as a whole")
        problem = digest_problem(b", ".join(v for k, v in call.headers if k == b"content-digest"), call.body)
        return refused("signature-body", saw=problem) if problem else None

    def _is_meant(self, member: Member) -> bool:
        if self._rules.tag and member.parameters.get("tag") != self._rules.tag:
            return False
        return member.parameters.get("keyid") in self._signers

    def _checked(self, call: Call, covered: InnerList, value: Member | None, now_s: float) -> Principal | Decision:
        signer = self._signers[str(covered.parameters["keyid"])]
        problem = self._unfit(call, covered, signer, now_s)
        if problem is not None:
            return problem
        try:
            base = signature_base(call, covered).encode("ascii")
        except (ComponentError, UnicodeEncodeError) as reason:
            return refused("signature-component", saw=shown(reason))
        signature = value.value if isinstance(value, Item) else None
        if not isinstance(signature, bytes) or not signer.verifies(base, signature):
            return refused("signature-wrong", saw=f"keyid {shown(signer.key_id)}")
        problem = self._replayed(call, covered, signer, base, now_s)
        if problem is not None:
            return problem
        is_covered = "content-digest" in covered_names(covered)
        if is_covered or self._rules.covers_body:
            call.notes[BODY_NOTE] = is_covered
        return signer.principal

    def _unfit(self, call: Call, covered: InnerList, signer: Signer, now_s: float) -> Decision | None:
        rules, given = self._rules, covered.parameters
        missing = rules.components - covered_names(covered)
        if missing:
            return refused("signature-cover", saw=f"does not cover {', '.join(sorted(missing))}")
        if rules.covers_body and _has_body(call) and "content-digest" not in covered_names(covered):
            return refused("signature-cover", saw="does not cover content-digest")
        if given.get("alg") not in (None, signer.algorithm.value):
            return refused("signature-algorithm", saw=f"alg {shown(given.get('alg'))}")
        nonce = given.get("nonce")
        if nonce is not None and not (isinstance(nonce, str) and len(nonce) <= MAX_NONCE):
            return refused("signature-nonce", saw="a nonce that is no short text")
        if rules.needs_nonce and nonce is None:
            return refused("signature-nonce", saw="no nonce")
        return self._untimely(given, now_s)

    def _untimely(self, given: Mapping[str, object], now_s: float) -> Decision | None:
        created, expires = given.get("created"), given.get("expires")
        if not _is_whole(created) or (expires is not None and not _is_whole(expires)):
            return refused("signature-time", saw="created is missing, or no number of seconds")
        age_s = now_s - float(str(created))
        if age_s > self._rules.max_age_s + self._rules.skew_s:
            return refused("signature-expired", saw=f"made {age_s:.0f} s ago")
        if age_s < -self._rules.skew_s:
            return refused("signature-time", saw="created lies ahead")
        if expires is not None and float(str(expires)) <= now_s - self._rules.skew_s:
            return refused("signature-expired", saw="expires lies in the past")
        return None

    def _replayed(self, call: Call, covered: InnerList, signer: Signer, base: bytes, now_s: float) -> Decision | None:
        """Take the nonce. A writing request without one counts once in its exact form."""
        nonce = covered.parameters.get("nonce")
        if nonce is None and call.method in SAFE_METHODS:
            return None
        own = str(nonce) if nonce is not None else hashlib.sha256(base).hexdigest()
        until_s = float(str(covered.parameters["created"])) + self._rules.max_age_s + 2 * self._rules.skew_s
        taken = self._nonces.take(f"{signer.key_id}\n{own}", until_s, now_s)
        if taken is Taken.FULL:
            return refused("service-busy", saw="the memory of nonces is full", retry_after_s=30)
        return None if taken is Taken.NEW else refused("signature-replayed", saw=f"keyid {shown(signer.key_id)}")


def _field(call: Call, name: bytes) -> dict[str, Member] | None:
    lines = [value.decode("latin-1") for key, value in call.headers if key == name]
    try:
        return parse_dictionary(", ".join(lines)) if lines else None
    except StructuredFieldError:
        return None


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _has_body(call: Call) -> bool:
    return call.header.get(b"content-length", b"0").strip() not in (b"", b"0") or b"transfer-encoding" in call.header
