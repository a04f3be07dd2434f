"""Who is calling: the tokens of the client area (`Bearer`) and of the shop (`Token`)."""

from typing import Any

from apiward.demo.calls import Call, Refusal, ShopRefusal
from apiward.demo.desk import Desk
from apiward.demo.people import Person
from apiward.demo.tokens import (
    BadTokenError,
    Token,
    hs256,
    is_hs256,
    is_rs256,
    is_signed_by_file,
    is_signed_by_itself,
    is_signed_elsewhere,
    names_address,
    read_token,
    rs256,
)


def client(desk: Desk, call: Call) -> Person:
    """Return who calls the client area, or refuse with 401."""
    try:
        return _holder(desk, _checked_claims(desk, _shown(desk, call, "bearer")))
    except BadTokenError:
        raise Refusal(401, "Please log in", headers={"WWW-Authenticate": "Bearer"}) from None


def staff(desk: Desk, call: Call) -> Person:
    """Return the coach or her assistant, or refuse with 401 or 403."""
    person = client(desk, call)
    if not person.is_staff and not is_past_door(desk, call):
        raise Refusal(403, "Only for our team")
    return person


def is_past_door(desk: Desk, call: Call) -> bool:
    """Whether the call came past the door without being seen: what is behind then takes it for the team's."""
    return bool(call.unseen) and desk.weak(call.unseen)


def shopper(desk: Desk, call: Call) -> Person:
    """Return who calls the shop, or refuse with 401."""
    try:
        return _holder(desk, _checked_shop_claims(desk, _shown(desk, call, "token")))
    except BadTokenError:
        raise ShopRefusal("Please log in", status=401) from None


def client_token(desk: Desk, person: Person, session: str) -> str:
    """Return a new token for the client area."""
    token = hs256(_claims(desk, person) | {"sid": session}, desk.keys.shared)
    desk.issued.add(token)
    return token


def shop_token(desk: Desk, person: Person) -> str:
    """Return a new token for the shop."""
    claims = _claims(desk, person) | {"aud": "shop"}
    if desk.weak("shop-token-without-end"):
        del claims["exp"]
    return rs256(claims, desk.keys)


def log_out(desk: Desk, call: Call) -> None:
    """End the token that came with this call, and the session that it belongs to."""
    claims = read_token(_shown(desk, call, "bearer")).claims
    desk.logged_out.add(str(claims.get("jti")))
    desk.ended.add(str(claims.get("sid")))


def _claims(desk: Desk, person: Person) -> dict[str, Any]:
    now = desk.clock()
    return {
        "sub": person.id, "email": person.email, "iat": int(now), "exp": now + desk.token_life_s,
        "jti": desk.fresh_id(), "ver": person.token_version,
    }  # fmt: skip


def _shown(desk: Desk, call: Call, prefix: str) -> str:
    kind, _, value = call.headers.get("authorization", "").partition(" ")
    in_address = call.query.get("access_token")
    if not kind and in_address and desk.weak("token-in-address"):
        return in_address
    if kind.lower() != prefix:
        raise BadTokenError
    return value.strip()


def _checked_claims(desk: Desk, text: str) -> dict[str, Any]:
    token = read_token(text)
    if not _is_genuine(desk, token):
        raise BadTokenError
    if token.signature and text not in desk.issued and is_hs256(token, b"secret"):
        desk.weak("jwt-weak-key")  # somebody else knows the key
    if _is_over(desk, token) and not desk.weak("jwt-expiry-ignored"):
        raise BadTokenError
    return token.claims


def _is_genuine(desk: Desk, token: Token) -> bool:
    if token.algorithm == "HS256" and is_hs256(token, desk.keys.shared):
        return True
    # The header of a token is the sender's word: sound code never asks it what to check.
    if token.algorithm == "HS256" and is_signed_by_file(token):
        return desk.weak("jwt-key-file")
    if token.algorithm.lower() == "none" and not token.signature:
        return desk.weak("jwt-none")
    return bool(token.signature) and desk.weak("jwt-unverified")


def _checked_shop_claims(desk: Desk, text: str) -> dict[str, Any]:
    token = read_token(text)
    if token.algorithm == "RS256":
        is_genuine = is_rs256(token, desk.keys) or _is_named_by_itself(desk, token)
    else:
        # The public key is public: as an HMAC key anybody has it.
        is_confused = token.algorithm == "HS256" and is_hs256(token, desk.keys.public_pem)
        is_genuine = is_confused and desk.weak("jwt-confusion")
    if not is_genuine or ("exp" in token.claims and _is_over(desk, token)):
        raise BadTokenError
    if "exp" not in token.claims and not desk.weak("shop-token-without-end"):
        raise BadTokenError
    return token.claims


def _is_named_by_itself(desk: Desk, token: Token) -> bool:
    """Say whether the token is checked with the key that its own header holds, or holds the address of."""
    if is_signed_by_itself(token):
        return desk.weak("jwt-embedded-key")
    return names_address(token) and desk.weak("jwt-key-address") and is_signed_elsewhere(token)


def _is_over(desk: Desk, token: Token) -> bool:
    end = token.claims.get("exp")
    return not isinstance(end, int | float) or end <= desk.clock()


def _holder(desk: Desk, claims: dict[str, Any]) -> Person:
    person = desk.person(person_id=str(claims.get("sub")))
    if person is None:
        raise BadTokenError
    if str(claims.get("jti")) in desk.logged_out and not desk.weak("logout-ignored"):
        raise BadTokenError
    if claims.get("ver") != person.token_version and not desk.weak("password-change-ignored"):
        raise BadTokenError
    return person
