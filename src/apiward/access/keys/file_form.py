"""The file of keys: JSON without any secret, read strictly.

How a store writes it: the whole text into a new file beside it (mode 0600), flushed to the disk,
then moved over the old one. Half a file is never seen, also after a crash.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from apiward.access.errors import AccessError
from apiward.access.keys.form import is_label
from apiward.access.keys.scopes import Scope
from apiward.access.keys.values import ApiKey, LastUse, LiveSecret, parse_networks
from apiward.core.jsonvalue import Json, parse_json

VERSION: Final = 1
_FIELDS: Final = frozenset(
    "id name prefix env secrets created_s expires_s scopes roles networks is_revoked last_use".split()
)


def keys_to_text(keys: Iterable[ApiKey]) -> str:
    """Return the file's text for `keys`, one key after the other, by id."""
    entries = [_entry(key) for key in sorted(keys, key=lambda key: key.id)]
    return json.dumps({"version": VERSION, "keys": entries}, indent=2, ensure_ascii=False) + "\n"


def keys_from_text(text: bytes | str) -> tuple[ApiKey, ...]:
    """Return the keys of a file's text. Raises AccessError that says what is wrong where."""
    document = parse_json(text)
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise AccessError("keys", f"this is no file of keys of version {VERSION}")
    entries = document.get("keys")
    if not isinstance(entries, list):
        raise AccessError("keys", "the list `keys` is missing")
    keys = tuple(_key(entry, f"keys[{index}]") for index, entry in enumerate(entries))
    if len({key.id for key in keys}) != len(keys):
        raise AccessError("keys", "an id stands twice")
    return keys


def _entry(key: ApiKey) -> dict[str, object]:
    use = key.last_use
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "env": key.env,
        "secrets": [{"sha256": one.digest.hex(), "made_s": one.made_s, "until_s": one.until_s} for one in key.secrets],
        "created_s": key.created_s,
        "expires_s": key.expires_s,
        "scopes": [scope.text for scope in key.scopes],
        "roles": sorted(key.roles),
        "networks": [str(network) for network in key.networks],
        "is_revoked": key.is_revoked,
        "last_use": use
        and {
            "at_s": use.at_s,
            "address": use.address,
            "operation": use.operation,
            "is_old_secret": use.is_old_secret,
        },
    }


def _key(entry: Json, place: str) -> ApiKey:
    if not isinstance(entry, dict) or entry.keys() != _FIELDS:
        raise AccessError(place, "the fields are not those of a key")
    fields = _Fields(entry, place)
    try:
        key = ApiKey(
            id=fields.text("id"),
            name=fields.text("name"),
            prefix=fields.text("prefix"),
            env=fields.text("env"),
            secrets=tuple(_secret(one, f"{place}.secrets") for one in fields.items("secrets")),
            created_s=fields.number("created_s"),
            expires_s=fields.number_or_none("expires_s"),
            scopes=tuple(Scope.parse(text) for text in fields.texts("scopes")),
            roles=frozenset(fields.texts("roles")),
            networks=parse_networks(fields.texts("networks")),
            is_revoked=fields.flag("is_revoked"),
            last_use=_use(entry["last_use"], f"{place}.last_use"),
        )
    except AccessError:
        raise
    except ValueError as problem:
        raise AccessError(place, str(problem)) from problem
    if not (len(key.id) == 8 and key.secrets and is_label(key.prefix) and is_label(key.env)):
        raise AccessError(place, "id, secrets, prefix or env have a wrong form")
    return key


def _secret(entry: Json, place: str) -> LiveSecret:
    if not isinstance(entry, dict):
        raise AccessError(place, "a secret is a table with sha256, made_s and until_s")
    fields = _Fields(entry, place)
    digest = bytes.fromhex(fields.text("sha256"))
    if len(digest) != 32:
        raise AccessError(place, "sha256 has 64 hexadecimal digits")
    return LiveSecret(digest, fields.number("made_s"), fields.number_or_none("until_s"))


def _use(entry: Json, place: str) -> LastUse | None:
    if entry is None:
        return None
    if not isinstance(entry, dict):
        raise AccessError(place, "a table or null is needed")
    fields = _Fields(entry, place)
    return LastUse(
        fields.number("at_s"),
        fields.text("address"),
        fields.text("operation"),
        is_old_secret=fields.flag("is_old_secret"),
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """Reads typed fields of one table and says which one is wrong."""

    entry: Mapping[str, Json]
    place: str

    def text(self, name: str) -> str:
        value = self.entry.get(name)
        if not isinstance(value, str):
            raise AccessError(f"{self.place}.{name}", "a text is needed")
        return value

    def number(self, name: str) -> float:
        value = self.entry.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 2**53:
            raise AccessError(f"{self.place}.{name}", "a number of seconds is needed")
        return float(value)

    def number_or_none(self, name: str) -> float | None:
        return None if self.entry.get(name) is None else self.number(name)

    def flag(self, name: str) -> bool:
        value = self.entry.get(name)
        if not isinstance(value, bool):
            raise AccessError(f"{self.place}.{name}", "true or false is needed")
        return value

    def items(self, name: str) -> list[Json]:
        value = self.entry.get(name)
        if not isinstance(value, list):
            raise AccessError(f"{self.place}.{name}", "a list is needed")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        items = self.items(name)
        if not all(isinstance(item, str) for item in items):
            raise AccessError(f"{self.place}.{name}", "a list of texts is needed")
        return tuple(str(item) for item in items)
