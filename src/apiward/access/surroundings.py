"""What the parts of `access` get from outside, and what settings name there: variables, files, addresses."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from apiward.access.errors import AccessError
from apiward.access.keys.ring import KeyRing
from apiward.access.nonces import Nonces
from apiward.access.revocations import RevocationList, Revocations
from apiward.core.ports import Clock, KeptSessions, Sender


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What comes from outside. `pepper` is 32 random bytes, the same for all workers and kept over restarts."""

    clock: Clock
    sender: Sender
    environment: Mapping[str, str] = field(repr=False)
    read_file: Callable[[str], bytes]
    pepper: bytes = field(repr=False)
    ring: KeyRing = field(default_factory=KeyRing)
    revocations: Revocations = field(default_factory=RevocationList)
    nonces: Nonces | None = None
    sessions: KeptSessions | None = None


def variable(outside: Surroundings, name: str, setting: str) -> str:
    """Return an environment variable that a setting names. Raises AccessError where it is empty."""
    value = outside.environment.get(name, "") if name else ""
    if not value:
        raise AccessError(setting, f"the environment variable {name!r} is empty or not set")
    return value


def file_text(outside: Surroundings, path: str, setting: str) -> bytes:
    """Return the file that a setting names. Raises AccessError where it cannot be read."""
    if not path:
        raise AccessError(setting, "a file is needed")
    try:
        return outside.read_file(path)
    except OSError as problem:
        raise AccessError(setting, f"{path} cannot be read: {problem.strerror or problem}") from problem


def check_url(url: str, setting: str) -> None:
    """Refuse an address that is no https, but for this computer itself: whoever answers decides who may log in."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as problem:
        raise AccessError(setting, f"{url!r} is no address") from problem
    if parts.scheme == "https" and host:
        return
    if parts.scheme != "http" or not _is_loopback(host):
        raise AccessError(setting, f"{url!r} must start with https:// (http:// only for this computer itself)")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
