import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import load_pem_x509_certificate
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey, RSAKey

from apiward.scan.proofs.trials.signing_keys import pair_for
from apiward.scan.proofs.trials.tokens import Jwt

CLAIMS = {"sub": "kim"}


@pytest.mark.parametrize(
    ("algorithm", "own", "kind"), [("HS256", "RS256", RSAKey), ("PS256", "RS256", RSAKey), ("ES384", "ES256", ECKey)]
)
def test_a_library_takes_the_token_with_the_shown_key_and_not_with_the_other(
    algorithm: str, own: str, kind: type[RSAKey] | type[ECKey]
) -> None:
    key, other = pair_for(Jwt("", {"alg": algorithm}, {}, b"", b""))
    text = key.token({"typ": "JWT", "alg": algorithm}, dict(CLAIMS))
    shown = kind.import_key({name: str(value) for name, value in key.jwk("k1").items()})
    assert jwt.decode(text, shown, algorithms=[own]).claims == CLAIMS
    with pytest.raises(BadSignatureError):
        jwt.decode(other.token({"typ": "JWT"}, dict(CLAIMS)), shown, algorithms=[own])


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_the_certificate_holds_the_key_and_is_good_today(algorithm: str) -> None:
    key, _ = pair_for(Jwt("", {"alg": algorithm}, {}, b"", b""))
    shown = load_pem_x509_certificate(key.certificate(1_700_000_000.0))
    assert isinstance(shown.public_key(), rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    assert shown.public_key() == key.private.public_key()
    assert shown.not_valid_before_utc.timestamp() < 1_700_000_000.0 < shown.not_valid_after_utc.timestamp()
    try:
        shown.verify_directly_issued_by(shown)
    except InvalidSignature:
        pytest.fail("not signed by itself")
