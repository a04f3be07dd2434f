"""Attacks on log-ins, tokens and passwords."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from apiward.core.exchange import Response
from apiward.core.one_time_codes import STEP_S
from apiward.demo.factors import totp
from apiward.demo.people import CLIENT, OTHER_CLIENT, OWNER, Seeded
from apiward.demo.tokens import hs256, read_token
from apiward.net.call_listener import OwnListener
from tests.demo.forging import bringing_its_key, naming_its_address, naming_its_file, pem_of, unsigned
from tests.demo.visitor import Reply, Shown, Visitor


def _claims_as(visitor: Visitor, token: str, person: Seeded) -> dict[str, Any]:
    """Return the claims of `token` with the id of somebody else in it."""
    person_id = visitor.app.state.desk.person(email=person.email).id
    return read_token(token.partition(" ")[2]).claims | {"sub": person_id}


def _is_me(got: Reply, person: Seeded) -> Shown:
    return Shown(person.email in got.text, got.status)


def jwt_none(visitor: Visitor) -> Shown:
    forged = unsigned(_claims_as(visitor, visitor.log_in(), OWNER))
    return _is_me(visitor.call("GET", "/api/v2/me", token=f"Bearer {forged}"), OWNER)


def jwt_unverified(visitor: Visitor) -> Shown:
    forged = hs256(_claims_as(visitor, visitor.log_in(), OWNER), b"not the key")
    return _is_me(visitor.call("GET", "/api/v2/me", token=f"Bearer {forged}"), OWNER)


def jwt_weak_key(visitor: Visitor) -> Shown:
    own = visitor.log_in()
    claims = read_token(own.partition(" ")[2]).claims
    is_guessed = hs256(claims, b"secret") == own.partition(" ")[2]
    forged = hs256(_claims_as(visitor, own, OWNER), b"secret")
    got = visitor.call("GET", "/api/v2/me", token=f"Bearer {forged}")
    return Shown(is_guessed and OWNER.email in got.text, got.status)


def jwt_confusion(visitor: Visitor) -> Shown:
    key = pem_of(visitor.call("GET", "/.well-known/jwks.json").json)
    own = visitor.shop_log_in()
    assert CLIENT.email in visitor.call("GET", "/shop/account", token=own).text
    forged = hs256(_claims_as(visitor, own, OWNER), key)
    return _is_me(visitor.call("GET", "/shop/account", token=f"Token {forged}"), OWNER)


def jwt_embedded_key(visitor: Visitor) -> Shown:
    forged = bringing_its_key(_claims_as(visitor, visitor.shop_log_in(), OWNER))
    return _is_me(visitor.call("GET", "/shop/account", token=f"Token {forged}"), OWNER)


def default_log_in(visitor: Visitor) -> Shown:
    form = {"username": "admin@example.com", "password": "changethis"}
    got = visitor.call("POST", "/api/v2/token", form=form)
    return Shown(got.status == 200, got.status)


def jwt_key_address(visitor: Visitor) -> Shown:
    token = "0123456789abcdef" * 2
    claims = _claims_as(visitor, visitor.shop_log_in(), OWNER)
    with OwnListener(clock=lambda: 0.0) as ear:
        forged, keys = naming_its_address(claims, f"{ear.origin}/{token}")
        ear.expect(token, Response(200, (), keys))
        return _is_me(visitor.call("GET", "/shop/account", token=f"Token {forged}"), OWNER)


def jwt_key_file(visitor: Visitor) -> Shown:
    claims = _claims_as(visitor, visitor.log_in(), OWNER)
    return _is_me(visitor.call("GET", "/api/v2/me", token=f"Bearer {naming_its_file(claims, '/dev/null')}"), OWNER)


def jwt_expiry(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    visitor.now += 59
    assert visitor.call("GET", "/api/v2/me", token=token).status == 200
    visitor.now += 2
    return _is_me(visitor.call("GET", "/api/v2/me", token=token), CLIENT)


def shop_token_without_end(visitor: Visitor) -> Shown:
    token = visitor.shop_log_in()
    visitor.now += 10 * 365 * 86400
    got = visitor.call("GET", "/shop/account", token=token)
    is_endless = "exp" not in read_token(token.partition(" ")[2]).claims
    assert is_endless == (CLIENT.email in got.text)
    return Shown(is_endless, got.status)


def _unlimited(visitor: Visitor, attempt: Callable[[str, str], Reply]) -> Shown:
    statuses = [attempt(CLIENT.email, f"wrong-{n}").status for n in range(12)]
    assert attempt(OTHER_CLIENT.email, "wrong").status != 429
    visitor.now += 16
    assert attempt(CLIENT.email, CLIENT.password).status == 200
    return Shown(429 not in statuses, statuses[-1])


def _try_token(visitor: Visitor, email: str, password: str) -> Reply:
    return visitor.call("POST", "/api/v2/token", form={"username": email, "password": password})


def _try_shop(visitor: Visitor, email: str, password: str) -> Reply:
    return visitor.call("POST", "/shop/login", {"email": email, "password": password})


def login_unlimited(visitor: Visitor) -> Shown:
    return _unlimited(visitor, lambda email, password: _try_token(visitor, email, password))


def shop_login_unlimited(visitor: Visitor) -> Shown:
    return _unlimited(visitor, lambda email, password: _try_shop(visitor, email, password))


def login_names_account(visitor: Visitor) -> Shown:
    known = _try_token(visitor, CLIENT.email, "wrong")
    unknown = _try_token(visitor, "nobody@mail.example", "wrong")
    return Shown((known.status, known.text) != (unknown.status, unknown.text), known.status)


def shop_login_names_account(visitor: Visitor) -> Shown:
    known = _try_shop(visitor, CLIENT.email, "wrong")
    unknown = _try_shop(visitor, "nobody@mail.example", "wrong")
    assert known.status == unknown.status == 200
    return Shown(known.text != unknown.text, known.status)


def _sign_up(visitor: Visitor, email: str, password: str = "a-Fine-word-55") -> Reply:
    wanted = {"client": {"email": email, "name": "Kim", "password": password}}
    return visitor.call("POST", "/api/v2/register", wanted)


def signup_names_account(visitor: Visitor) -> Shown:
    fresh, known = _sign_up(visitor, "kim@mail.example"), _sign_up(visitor, CLIENT.email)
    assert visitor.log_in()  # the password of the known account stays
    return Shown((fresh.status, fresh.text) != (known.status, known.text), known.status)


def reset_names_account(visitor: Visitor) -> Shown:
    known = visitor.call("POST", "/api/v2/password/forgot", {"email": CLIENT.email})
    unknown = visitor.call("POST", "/api/v2/password/forgot", {"email": "nobody@mail.example"})
    assert known.status == unknown.status == 200
    return Shown(known.json["message"] != unknown.json["message"], unknown.status)


def weak_password(visitor: Visitor) -> Shown:
    assert _sign_up(visitor, "kim@mail.example").status == 202
    got = _sign_up(visitor, "lee@mail.example", "123456")
    return Shown(_try_token(visitor, "lee@mail.example", "123456").status == 200, got.status)


def logout_ignored(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    got = visitor.call("POST", "/api/v2/logout", token=token)
    return Shown(visitor.call("GET", "/api/v2/me", token=token).status == 200, got.status)


def password_change_ignored(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    wanted = {"current_password": CLIENT.password, "new_password": "another-Word-66"}
    got = visitor.call("PUT", "/api/v2/me/password", wanted, token=token)
    assert visitor.log_in(CLIENT, "another-Word-66")
    assert visitor.log_in(CLIENT) == ""
    return Shown(visitor.call("GET", "/api/v2/me", token=token).status == 200, got.status)


def second_factor_skipped(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    secret = visitor.call("POST", "/api/v2/me/second-factor", token=token).json["secret"]
    step = int(visitor.now / STEP_S)
    for wrong in ("000000", "x", totp(secret, step - 9)):
        assert visitor.call("POST", "/api/v2/me/second-factor/confirm", {"code": wrong}, token=token).status == 403
    form = {"username": CLIENT.email, "password": CLIENT.password}
    assert visitor.call("POST", "/api/v2/token", form=form).status == 200
    code = {"code": totp(secret, step)}
    assert visitor.call("POST", "/api/v2/me/second-factor/confirm", code, token=token).status == 200
    assert visitor.call("POST", "/api/v2/me/second-factor", token=token).status == 409
    assert visitor.call("POST", "/api/v2/token", form=form | code).status == 200
    assert visitor.call("POST", "/api/v2/token", form=form | {"code": "123"}).status == 400
    shop = {"email": CLIENT.email, "password": CLIENT.password}
    assert visitor.call("POST", "/shop/login", shop).json["status"] == "fail"
    assert visitor.call("POST", "/shop/login", shop | code).json["status"] == "ok"
    got = visitor.call("POST", "/api/v2/token", form=form)
    again = f"Bearer {got.json.get('access_token')}"
    return Shown(visitor.call("GET", "/api/v2/me", token=again).status == 200, got.status)


def password_change_open(visitor: Visitor) -> Shown:
    wanted = {"current_password": "not-the-word-11", "new_password": "another-Word-66"}
    got = visitor.call("PUT", "/api/v2/me/password", wanted, token=visitor.log_in())
    return Shown(visitor.log_in(CLIENT, "another-Word-66") != "", got.status)


def email_change_unconfirmed(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    assert visitor.call("PUT", "/api/v2/me/email", {"email": "nothing"}, token=token).status == 422
    visitor.call("PUT", "/api/v2/me/email", {"email": OTHER_CLIENT.email}, token=token)
    assert visitor.me(token)["email"] == CLIENT.email
    got = visitor.call("PUT", "/api/v2/me/email", {"email": "thief@mail.example"}, token=token)
    return Shown(visitor.me(token)["email"] == "thief@mail.example", got.status)


def _refresh(visitor: Visitor, token: str) -> Reply:
    return visitor.call("POST", "/api/v2/token/refresh", {"refresh_token": token})


def refresh_token_reused(visitor: Visitor) -> Shown:
    first = _try_token(visitor, CLIENT.email, CLIENT.password).json["refresh_token"]
    second = _refresh(visitor, first).json["refresh_token"]
    third = _refresh(visitor, second).json
    assert visitor.call("GET", "/api/v2/me", token=f"Bearer {third['access_token']}").status == 200
    assert _refresh(visitor, "made-up").status == 401
    got = _refresh(visitor, first)
    return Shown(got.status == 200, got.status)


def refresh_after_logout(visitor: Visitor) -> Shown:
    entered = _try_token(visitor, CLIENT.email, CLIENT.password).json
    visitor.call("POST", "/api/v2/logout", token=f"Bearer {entered['access_token']}")
    got = _refresh(visitor, entered["refresh_token"])
    return Shown(got.status == 200, got.status)


def reset_token_shown(visitor: Visitor) -> Shown:
    got = visitor.call("POST", "/api/v2/password/forgot", {"email": CLIENT.email})
    ticket = next(reversed(visitor.app.state.desk.tickets))
    wanted = {"reset_token": ticket, "new_password": "my-Own-word-99"}
    assert visitor.call("POST", "/api/v2/password/reset", wanted).json["status"] == "ok"
    assert visitor.call("POST", "/api/v2/password/reset", wanted).json["status"] == "fail"
    assert visitor.log_in(CLIENT, "my-Own-word-99")
    return Shown(ticket in got.text, got.status)


def password_cut(visitor: Visitor) -> Shown:
    password = "a-Fine-word-55-" * 4
    assert _sign_up(visitor, "kim@mail.example", password).status == 202
    assert _try_token(visitor, "kim@mail.example", password).status == 200
    assert _try_token(visitor, "kim@mail.example", f"b{password[1:]}").status == 400
    got = _try_token(visitor, "kim@mail.example", f"{password[:-1]}x")
    return Shown(got.status == 200, got.status)


def token_in_address(visitor: Visitor) -> Shown:
    token = visitor.log_in().partition(" ")[2]
    return _is_me(visitor.call("GET", f"/api/v2/me?access_token={token}"), CLIENT)


def code_unlimited(visitor: Visitor) -> Shown:
    token = visitor.log_in()
    secret = visitor.call("POST", "/api/v2/me/second-factor", token=token).json["secret"]
    code = totp(secret, int(visitor.now / STEP_S))
    visitor.call("POST", "/api/v2/me/second-factor/confirm", {"code": code}, token=token)
    form = {"username": CLIENT.email, "password": CLIENT.password}
    wrong = [visitor.call("POST", "/api/v2/token", form=form | {"code": f"{n:06d}"}).status for n in range(24)]
    got = visitor.call("POST", "/api/v2/token", form=form | {"code": code})
    return Shown(429 not in wrong and got.status == 200, got.status)


ATTACKS: Final[Mapping[str, Callable[[Visitor], Shown]]] = {
    "jwt-none": jwt_none,
    "jwt-unverified": jwt_unverified,
    "jwt-weak-key": jwt_weak_key,
    "jwt-confusion": jwt_confusion,
    "jwt-expiry-ignored": jwt_expiry,
    "jwt-embedded-key": jwt_embedded_key,
    "jwt-key-file": jwt_key_file,
    "jwt-key-address": jwt_key_address,
    "default-log-in": default_log_in,
    "shop-token-without-end": shop_token_without_end,
    "login-unlimited": login_unlimited,
    "shop-login-unlimited": shop_login_unlimited,
    "login-names-account": login_names_account,
    "shop-login-names-account": shop_login_names_account,
    "signup-names-account": signup_names_account,
    "reset-names-account": reset_names_account,
    "weak-password-accepted": weak_password,
    "logout-ignored": logout_ignored,
    "password-change-ignored": password_change_ignored,
    "reset-token-shown": reset_token_shown,
    "password-cut": password_cut,
    "token-in-address": token_in_address,
    "code-unlimited": code_unlimited,
    "refresh-token-reused": refresh_token_reused,
    "refresh-after-logout": refresh_after_logout,
    "second-factor-skipped": second_factor_skipped,
    "password-change-open": password_change_open,
    "email-change-unconfirmed": email_change_unconfirmed,
}
