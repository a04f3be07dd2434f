"""Tokens and signatures that are not what they look like, at a guard whose API is described."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.guarded.conftest import SETTINGS
from tests.guarded.guards import RunningGuard, guarding
from tests.guarded.recording import Recorder
from tests.guarded.speaking import get, post, status_of

_SECRET: Final = b"a shared secret of thirty-two characters, or more"
_PARTNER: Final = hashlib.sha256(b"partner").digest()
_KEY: Final = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
_PEM: Final = _KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
_ISSUERS: Final = """[[guard.issuers]]
issuer = "https://id.shop.test"
audience = ["shop"]
secret_file = "secret"
[[guard.issuers]]
issuer = "https://login.shop.test"
audience = ["shop"]
pem_file = "key.pem"
[[guard.signers]]
key_id = "partner"
algorithm = "hmac-sha256"
secret_env = "PARTNER_SECRET"
"""
_OK: Final = {"responses": {"200": {"description": "ok"}}}
_DESCRIPTION: Final = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "security": [{"bearer": []}],
    "paths": {
        "/me": {"get": _OK},
        "/orders": {
            "post": {
                **_OK,
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"type": "object", "properties": {"n": {"type": "integer"}}}}
                    }
                },
            }
        },
    },
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
}


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _part(value: object) -> str:
    return _b64(value if isinstance(value, bytes) else json.dumps(value).encode())


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _token(
    head: object = None,
    claims: object = None,
    *,
    key: bytes = _SECRET,
    mac: str | None = None,
    **more: Any,  # noqa: ANN401
) -> str:
    """Return a token; what is given replaces the good parts."""
    now_s = int(time.time())
    good = {"iss": "https://id.shop.test", "aud": "shop", "sub": "ann", "iat": now_s, "exp": now_s + 300, **more}
    good = {name: value for name, value in good.items() if value is not None}
    signed = f"{_part(head or {'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims or good)}"
    return f"{signed}.{_b64(hmac.digest(key, signed.encode(), 'sha256')) if mac is None else mac}"


def _rsa_token(alg: str = "RS256") -> str:
    now_s = int(time.time())
    claims = {"iss": "https://login.shop.test", "aud": "shop", "sub": "bob", "iat": now_s, "exp": now_s + 300}
    signed = f"{_part({'alg': alg})}.{_part(claims)}"
    return f"{signed}.{_b64(_KEY.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _bad() -> dict[str, str]:
    now_s = int(time.time())
    good = _token()
    head, body, mac = good.split(".")
    login = {"iss": "https://login.shop.test"}
    return {
        "alg none": _token({"alg": "none"}, mac=""),
        "alg None": _token({"alg": "None"}, mac=""),
        "alg nOnE signed": _token({"alg": "nOnE"}),
        "alg empty": _token({"alg": ""}),
        "alg missing": _token({"typ": "JWT"}),
        "alg list": _token({"alg": ["HS256"]}),
        "alg lower case": _token({"alg": "hs256"}),
        "alg HS384": _token({"alg": "HS384"}),
        "alg twice": _token(b'{"alg":"none","alg":"HS256"}'),
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.{mac}",
        "five parts": f"{head}..{body}.{mac}.{mac}",
        "another key": _token(key=b"guessed guessed guessed guessed guessed"),
        "empty key": _token(key=b""),
        "public key as secret": _token({"alg": "HS256"}, key=_PEM, **login),
        "public key body as secret": _token({"alg": "HS256"}, key=_PEM.strip(), **login),
        "cut signature": good[:-8],
        "longer signature": good + "AAAA",
        "changed claims": f"{head}.{_part(json.loads(_unpadded(body)) | {'sub': 'root'})}.{mac}",
        "padded": good + "=",
        "space within": f"{head}. {body}.{mac}",
        "kid path": _token({"alg": "HS256", "kid": "../../../../dev/null"}, key=b""),
        "kid sql": _token({"alg": "HS256", "kid": "x' UNION SELECT 'AA"}, key=b"AA"),
        "jku": _token({"alg": "HS256", "jku": "http://127.0.0.1:1/keys"}, key=b"mine"),
        "jwk": _token({"alg": "HS256", "jwk": {"kty": "oct", "k": _b64(b"mine")}}, key=b"mine"),
        "x5u": _token({"alg": "HS256", "x5u": "http://127.0.0.1:1/c"}, key=b"mine"),
        "crit": _token({"alg": "HS256", "crit": ["exp"], "exp": 1}),
        "b64 false": _token({"alg": "HS256", "b64": False, "crit": ["b64"]}),
        "zip": _token({"alg": "HS256", "zip": "DEF"}),
        "another typ": _token({"alg": "HS256", "typ": "logout+jwt"}),
        "expired": _token(exp=now_s - 600),
        "no end": _token(exp=None),
        "end as text": _token(exp=str(now_s + 300)),
        "end not finite": _token(claims=b'{"iss":"https://id.shop.test","aud":"shop","sub":"a","exp":1e999}'),
        "not yet": _token(nbf=now_s + 600),
        "another audience": _token(aud="other"),
        "audience of parts": _token(aud="sho"),
        "no audience": _token(aud=None),
        "another issuer": _token(iss="https://evil.test"),
        "issuer with a slash": _token(iss="https://id.shop.test/"),
        "no issuer": _token(iss=None),
        "issuer list": _token(iss=["https://id.shop.test"]),
        "subject twice": _token(
            claims=b'{"iss":"https://id.shop.test","aud":"shop","sub":"a","sub":"root","exp":9999999999}'
        ),
        "claims no object": _token(claims=b'["a"]'),
        "very long": _token(note="a" * 20_000),
        "not base64": "!!!.###.$$$",
        "nothing": "",
        "rsa cut": _rsa_token()[:-4],
        "rsa as PS256": _rsa_token("PS256"),
        "rsa as ES256": _rsa_token("ES256"),
    }


@pytest.fixture(scope="module")
def door(api: Recorder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGuard]:
    """A guard whose API lets nobody in who has not logged in."""
    home = tmp_path_factory.mktemp("door")
    (home / "openapi.json").write_text(json.dumps(_DESCRIPTION))
    (home / "secret").write_bytes(_SECRET)
    (home / "key.pem").write_bytes(_PEM)
    settings = f'description = "openapi.json"\n{SETTINGS}{_ISSUERS}'
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARTNER_SECRET", base64.b64encode(_PARTNER).decode())
        with guarding(home, api.address, settings) as running:
            yield running
            assert running.stray_words() == []
            assert "guard.stage-failed" not in running.rules()


@pytest.mark.parametrize("name", _bad())
def test_a_bad_token_opens_nothing(api: Recorder, door: RunningGuard, name: str) -> None:
    before = len(api.at("/me"))
    assert status_of(get(door.port, "/me", f"Authorization: Bearer {_bad()[name]}")) in {400, 401, 403, 431}
    assert len(api.at("/me")) == before


def test_a_good_token_opens(api: Recorder, door: RunningGuard) -> None:
    for token in (_token(), _rsa_token(), _token(aud=["other", "shop"])):
        assert status_of(get(door.port, "/me", f"Authorization: Bearer {token}")) == 200


@pytest.mark.parametrize("count", [2, 3])
def test_two_answers_to_who_calls_are_refused(api: Recorder, door: RunningGuard, count: int) -> None:
    fields = [f"Authorization: Bearer {_token()}", f"Authorization: Bearer {_bad()['another key']}", "X-Auth-Token: a"]
    assert status_of(get(door.port, "/me", *fields[:count])) in {400, 401}


def test_no_token_or_one_in_the_wrong_place_opens_nothing(api: Recorder, door: RunningGuard) -> None:
    before = len(api.at("/me"))
    good = _token()
    assert status_of(get(door.port, "/me")) == 401
    assert status_of(get(door.port, f"/me?access_token={good}")) in {400, 401}
    assert status_of(get(door.port, "/me", f"Cookie: token={good}")) == 401
    assert status_of(get(door.port, "/me", f"Proxy-Authorization: Bearer {good}")) == 401
    assert len(api.at("/me")) == before


@pytest.mark.parametrize("field", ["Authorization: Basic YTpi", "Authorization: Negotiate YQ", "X-API-Key: abc"])
def test_another_kind_of_credential_opens_nothing(door: RunningGuard, field: str) -> None:
    assert status_of(get(door.port, "/me", field)) == 401


def _signed(body: bytes, *, created_s: int, nonce: str, path: str = "/orders", key: bytes = _PARTNER) -> list[str]:
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    covered = '("@method" "@authority" "@path" "@query" "content-digest")'
    parameters = f'{covered};created={created_s};keyid="partner";alg="hmac-sha256";nonce="{nonce}"'
    base = (
        f'"@method": POST\n"@authority": shop.test\n"@path": {path}\n"@query": ?\n'
        f'"content-digest": {digest}\n"@signature-params": {parameters}'
    )
    mac = base64.b64encode(hmac.digest(key, base.encode(), "sha256")).decode()
    return [f"Content-Digest: {digest}", f"Signature-Input: sig={parameters}", f"Signature: sig=:{mac}:"]


def test_a_signature_is_good_once(api: Recorder, door: RunningGuard) -> None:
    fields = _signed(b'{"n": 1}', created_s=int(time.time()), nonce="n-1")
    said = [status_of(post(door.port, "/orders", b'{"n": 1}', *fields)) for _ in range(3)]
    assert said == [200, 401, 401]


@pytest.mark.parametrize(
    ("sent", "created_in_s", "key"),
    [
        (b'{"n": 2}', 0, _PARTNER),
        (b'{"n": 1} ', 0, _PARTNER),
        (b'{"n": 1}', -3_600, _PARTNER),
        (b'{"n": 1}', 3_600, _PARTNER),
        (b'{"n": 1}', 0, b"guessed"),
    ],
)
def test_a_signature_covers_the_body_and_the_time(
    api: Recorder, door: RunningGuard, sent: bytes, created_in_s: int, key: bytes
) -> None:
    before = len(api.at("/orders"))
    fields = _signed(b'{"n": 1}', created_s=int(time.time()) + created_in_s, nonce=f"n{created_in_s}{sent!r}", key=key)
    assert status_of(post(door.port, "/orders", sent, *fields)) in {400, 401}
    assert len(api.at("/orders")) == before
