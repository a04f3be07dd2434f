"""Accounts that get in as real systems ask: each way against a real server, from the command line."""

import datetime as dt
import ssl
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run
from tests.cli.small_gate import SIGNING_KEY, Gate, running_gate

ANN = "name=ann,username=annika,password=pw-annika-77"
BEN = "name=ben,username=benedikt,password=pw-benedikt-77"
WRONG = "name=eve,username=annika,password=pw-of-another"
OPENID = {"type": "openIdConnect", "openIdConnectUrl": "/.well-known/openid-configuration"}
BEARER = {"type": "http", "scheme": "bearer"}
SIGN = f"""
import hashlib, hmac, sys
text = sys.stdin.read()
name = sys.argv[1]
print(f"X-Signed: {{name}}:{{hmac.new({SIGNING_KEY!r} + name.encode(), text.encode(), 'sha256').hexdigest()}}")
"""


def _said(run: Run, gate: Gate, *accounts: str, more: tuple[str, ...] = ()) -> tuple[int, str]:
    options = [word for account in accounts for word in ("--account", account)]
    done = run("accounts", gate.address, *options, *more, "--quiet")
    return done.exit_code, done.stdout


def _are_both_in(run: Run, gate: Gate, *accounts: str, more: tuple[str, ...] = ()) -> None:
    code, said = _said(run, gate, *accounts, more=more)
    assert code == ExitCode.HOLDS, said
    assert said.count("customer, given, logged in") == 2
    assert "2 of 2 operations gave a good answer" in said
    assert "What would make a scan see more:\n  - No account with special rights" in said, "and nothing but that"


def test_digest_access_is_met_where_it_is_asked_for(run: Run) -> None:
    with running_gate("digest", {"type": "http", "scheme": "digest"}) as gate:
        _are_both_in(run, gate, ANN, BEN)
        code, said = _said(run, gate, WRONG, BEN)
    assert code == ExitCode.NOT_ENOUGH
    assert "eve: customer, given, could not log in" in said
    assert "The account eve was not let in with what was given for it: GET /me answered with status 401." in said
    assert "no operation to log in" not in said
    assert "pw-of" not in said


@pytest.mark.parametrize("named", ["by the description", "by the account"])
def test_a_provider_tells_where_tokens_are_given_out(run: Run, named: str) -> None:
    with running_gate("openid", OPENID if named == "by the description" else BEARER) as gate:
        by = "" if named == "by the description" else f",openid-url={gate.address}"
        clients = ("client-id=shop-till,client-secret=till-s3cret", "client-id=shop-desk,client-secret=desk-s3cret")
        _are_both_in(run, gate, *(f"name={client[10:19]},{client}{by}" for client in clients))
        _are_both_in(run, gate, f"{ANN}{by}", f"{BEN}{by}")
        code, said = _said(run, gate, f"{WRONG}{by}")
    assert code == ExitCode.NOT_ENOUGH
    assert "Getting a token for the account eve did not work: the token server answered with status 400" in said


def test_a_description_sends_no_secret_to_another_server(run: Run) -> None:
    with running_gate("openid", BEARER) as other:
        named = {"type": "openIdConnect", "openIdConnectUrl": f"{other.address}/.well-known/openid-configuration"}
        with running_gate("openid", named) as gate:
            code, said = _said(run, gate, "name=till,client-id=shop-till,client-secret=till-s3cret", ANN)
        assert other.asked == []
    assert code == ExitCode.NOT_ENOUGH
    assert "if you trust it, give its token_url" in said


def test_each_request_is_signed_by_a_program(run: Run, tmp_path: Path) -> None:
    program = tmp_path / "sign.py"
    program.write_text(SIGN)
    command = f"sign-command={sys.executable} -S {program}"
    with running_gate("signed", {"type": "apiKey", "in": "header", "name": "X-Signed"}) as gate:
        _are_both_in(run, gate, f"name=ann,{command} annika", f"name=ben,{command} benedikt")
        code, said = _said(run, gate, f"name=ann,{command}-not-there annika", f"name=ben,{command} benedikt")
    assert "exit code" in said
    assert code == ExitCode.NOT_ENOUGH
    assert "ann: customer, given, could not log in" in said


def _certificate(folder: Path, name: str) -> Path:
    """Make a certificate that signs itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    day = dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(encoding)
    )
    return path


def _tls(folder: Path, *known: Path, needs: ssl.VerifyMode) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder, "gate"))
    context.verify_mode = needs
    for path in known:
        context.load_verify_locations(path)
    return context


def test_an_account_may_be_a_client_certificate(run: Run, tmp_path: Path) -> None:
    ann, ben, eve = (_certificate(tmp_path, name) for name in ("annika", "benedikt", "eve"))
    tls = _tls(tmp_path, ann, ben, needs=ssl.CERT_OPTIONAL)
    with running_gate("certificate", {"type": "mutualTLS"}, tls) as gate:
        more = ("--insecure",)
        _are_both_in(run, gate, f"name=ann,certificate={ann}", f"name=ben,certificate={ben}", more=more)
        code, said = _said(run, gate, f"name=ann,certificate={ann}", "name=ben,certificate=none.pem", more=more)
        assert (code, "the certificate none.pem cannot be read" in said) == (ExitCode.NOT_ENOUGH, True)
        code, said = _said(run, gate, f"name=eve,certificate={eve}", f"name=ben,certificate={ben}", more=more)
        assert (code, "eve: customer, given, could not log in" in said) == (ExitCode.NOT_ENOUGH, True)


def test_a_server_that_wants_a_certificate_of_everybody_is_shown_one(run: Run, tmp_path: Path) -> None:
    office = _certificate(tmp_path, "office")
    tls = _tls(tmp_path, office, needs=ssl.CERT_REQUIRED)
    with running_gate("certificate", {"type": "mutualTLS"}, tls) as gate:
        shown = run("accounts", gate.address, "--insecure", "--certificate", str(office), "--quiet")
        assert "2 of 2 operations gave a good answer" in shown.stdout
        hidden = run("accounts", gate.address, "--insecure", "--quiet")
        assert hidden.exit_code == ExitCode.NOT_ENOUGH
        assert "operations gave" not in hidden.stdout
        odd = run("accounts", gate.address, "--certificate", str(tmp_path), "--quiet")
        assert "The client certificate cannot be used." in odd.output
