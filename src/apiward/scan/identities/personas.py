"""Invented people: the names, addresses and passwords that the scanner's own accounts use."""

import random
import string
from dataclasses import dataclass, field
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.spec.meaning import naming

_LETTERS: Final = string.ascii_lowercase
_DOMAIN: Final = "example.com"


@dataclass(frozen=True, slots=True)
class Persona:
    """One invented person. Every text is unique enough to be recognised again in an answer."""

    handle: str
    email: str
    password: str = field(repr=False)
    phone: str
    full_name: str

    def value_for(self, name: str) -> Json:
        """Return what this person enters into a field of that name, or None where it is not personal."""
        parts = naming.words(name)
        flat = naming.plain(name)
        if "email" in flat or flat == "mail":
            return self.email
        if "password" in flat or flat in ("passwd", "pwd", "pass", "passphrase"):
            return self.password
        if {"phone", "mobile", "telephone", "tel", "msisdn"} & set(parts):
            return self.phone
        return self._name_for(parts, flat)

    def _name_for(self, parts: tuple[str, ...], flat: str) -> Json:
        if flat in (
            "username",
            "user",
            "login",
            "loginname",
            "handle",
            "nickname",
            "nick",
            "screenname",
            "userid",
        ):
            return self.handle
        if flat in ("firstname", "givenname", "forename"):
            return self.full_name.split()[0]
        if flat in ("lastname", "surname", "familyname"):
            return self.full_name.split()[1]
        if flat in ("name", "fullname", "displayname", "realname"):
            return self.full_name
        return self.handle if parts[-1:] == ("username",) else None


def invent(rng: random.Random) -> Persona:
    """Return a new person; the same random numbers give the same person."""
    tail = "".join(rng.choices(_LETTERS, k=7))
    handle = f"w{tail}"
    box = "w" + "".join(rng.choices(_LETTERS, k=7))  # unlike the handle: names are often shown where addresses are not
    first = "".join(rng.choices(_LETTERS, k=5)).title()
    password = "Kq7!" + "".join(rng.choices(_LETTERS + string.digits, k=10)) + "Z"
    phone = "555" + "".join(rng.choices(string.digits, k=7))
    return Persona(handle, f"{box}@{_DOMAIN}", password, phone, f"{first} {tail.title()}")
