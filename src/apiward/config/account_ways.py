"""How an account gets in, as its table says: what it shows, or where it gets that. Messages never show a secret."""

import re
import shlex
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from apiward.config.errors import ConfigError, shown
from apiward.core.account import Credential, Means, Standing
from apiward.core.api import Place
from apiward.core.one_time_codes import DIGITS, STEP_S, secret_of
from apiward.spec.meaning import naming

_OF_SERVER: Final = (
    "client_id", "client_secret", "client_secret_env", "scope", "refresh_token", "refresh_token_env"
)  # fmt: skip
_MEANS: Final = ("token_command", "token_url", "openid_url", "sign_command", "certificate")
_SCHEME_WORD: Final = re.compile(r"([A-Za-z][\w-]{0,20} )(\S+)")

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

_STAFF: Final = frozenset("admin administrator owner staff manager moderator superuser root support".split())


def header_of(text: str) -> tuple[str, str]:
    """Return name and value of a header written as `Name: value`; raises ValueError."""
    name, colon, value = text.partition(":")
    name, value = name.strip(), value.strip()
    if not colon or not _TOKEN.fullmatch(name) or not value.isprintable() or not value.isascii():
        raise ValueError("no header")
    return name, value


def credential_of(texts: Mapping[str, str], env: Mapping[str, str]) -> Credential | None:
    """Return what the account shows as it was given: a header, a cookie or a query field; None where it has none."""
    header = texts.get("header") or from_env(texts, "header_env", env)
    if header:
        try:
            name, value = header_of(header)
        except ValueError:
            raise ConfigError("The header of the account must be written as Name: value.") from None
        split = _SCHEME_WORD.fullmatch(value)
        return Credential(Place.HEADER, name, split[2] if split else value, prefix=split[1] if split else "")
    for place in (Place.COOKIE, Place.QUERY):
        name, equals, value = texts.get(place.value, "").partition("=")
        if place.value in texts and not (name and equals and value):
            raise ConfigError(f"The {place.value} of the account must be written as name=value.")
        if name:
            return Credential(place, name, value)
    return None


def means_of(texts: Mapping[str, str], env: Mapping[str, str]) -> Means | None:
    """Return how the account gets what it shows, where it is not told; None where it needs no such means."""
    named = [key for key in _MEANS if key in texts]
    if len(named) > 1:
        raise ConfigError(f"The account needs {named[0]} or {named[1]}, and not both.")
    needless = next((key for key in _OF_SERVER if key in texts), None)
    if needless and ("client_id" not in texts or named) and named[:1] not in (["token_url"], ["openid_url"]):
        raise ConfigError(f"{needless} of the account says nothing without the token_url that it is for.")
    if "certificate_key" in texts and "certificate" not in texts:
        raise ConfigError("certificate_key of the account says nothing without the certificate that it is for.")
    if not named and not needless:
        return None
    return Means(
        command=_command(texts, "token_command"),
        signer=_command(texts, "sign_command"),
        token_url=_address(texts, "token_url"),
        openid_url=_address(texts, "openid_url"),
        certificate=texts.get("certificate", ""),
        certificate_key=texts.get("certificate_key", ""),
        client_id=texts.get("client_id", ""),
        client_secret=texts.get("client_secret", "") or from_env(texts, "client_secret_env", env),
        scope=texts.get("scope", ""),
        refresh_token=texts.get("refresh_token", "") or from_env(texts, "refresh_token_env", env),
    )


def _command(texts: Mapping[str, str], key: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(texts.get(key, "")))
    except ValueError:
        raise ConfigError(f"The {key} of the account cannot be read: a quote is not closed.") from None


def _address(texts: Mapping[str, str], key: str) -> str:
    url = texts.get(key, "")
    if url and not url.startswith(("http://", "https://")):
        raise ConfigError(f"The {key} of the account must be an address that begins with http.")
    return url


def one_time_secret_of(texts: Mapping[str, str], env: Mapping[str, str]) -> str:
    """Return the secret of an authenticator app, given as such or in the address that its picture holds."""
    text = texts.get("totp_secret", "") or from_env(texts, "totp_secret_env", env)
    if text.startswith("otpauth://"):
        fields = parse_qs(urlsplit(text).query)
        usual = {"digits": str(DIGITS), "period": str(STEP_S), "algorithm": "SHA1"}
        if any(fields.get(name, [value])[0].upper() != value for name, value in usual.items()):
            raise ConfigError(f"The totp_secret must be for codes of {DIGITS} digits every {STEP_S} seconds with SHA1.")
        text = fields.get("secret", [""])[0] or "-"
    try:
        return text if not text or secret_of(text) else ""
    except ValueError:
        raise ConfigError("The totp_secret of the account is none: letters A to Z and digits 2 to 7.") from None


def from_env(texts: Mapping[str, str], key: str, env: Mapping[str, str]) -> str:
    """Return what the variable holds that `key` names, empty where it names none; raises ConfigError."""
    variable = texts.get(key, "")
    if variable and not env.get(variable):
        raise ConfigError(f"The environment variable {shown(variable)} is not set.", advice=f"{key} names it.")
    return env.get(variable, "")


def standing_of(texts: Mapping[str, str]) -> Standing:
    """Return what the account may do: as it is said, else as its role sounds."""
    if "standing" in texts:
        return Standing(texts["standing"])
    return Standing.PRIVILEGED if _STAFF & set(naming.words(texts.get("role", ""))) else Standing.NORMAL
