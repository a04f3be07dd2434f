"""Proof that whoever asks for a scan of a public host controls it (design rule "Consent").

Two ways today: a file on the host, or a response header on the address itself. A DNS record can
come later; it needs a resolver that reads TXT records.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from apiward.core.exchange import Request, Response
from apiward.core.ports import Sender

PROOF_PATH: Final = "/.well-known/apiward.txt"
PROOF_HEADER: Final = "apiward-control"
_MAX_LINES: Final = 100
_MAX_CHARS: Final = 8_192


class ProofKind(StrEnum):
    """Where the token was found."""

    FILE = "file"
    HEADER = "header"


@dataclass(frozen=True, slots=True)
class Proof:
    """Control of `host` was shown by the token at `url`."""

    host: str
    kind: ProofKind
    url: str


def challenge(host: str, secret: bytes) -> str:
    """Return the token that the owner of `host` must show: the same for the same host and secret.

    `secret` belongs to this installation, so that nobody can prepare a token for another's scan.
    """
    name = host.lower().removesuffix(".")
    return "apiward-" + hmac.new(secret, f"control:{name}".encode(), hashlib.sha256).hexdigest()[:40]


async def prove_control(sender: Sender, base_url: str, token: str) -> Proof | None:
    """Look for `token` at the host of `base_url` (two reads at most); None where it is not shown."""
    parts = urlsplit(base_url)
    file_url = f"{parts.scheme}://{parts.netloc}{PROOF_PATH}"
    host = parts.hostname or ""
    if _in_file((await sender.send(Request("GET", file_url))).response, token):
        return Proof(host, ProofKind.FILE, file_url)
    if _in_header((await sender.send(Request("GET", base_url))).response, token):
        return Proof(host, ProofKind.HEADER, base_url)
    return None


def _in_file(response: Response | None, token: str) -> bool:
    if response is None or response.status != 200:
        return False
    # A line of its own: a page that merely repeats what it was sent shows nothing.
    lines = response.text[:_MAX_CHARS].splitlines()[:_MAX_LINES]
    return any(_is_same(line.strip(), token) for line in lines)


def _in_header(response: Response | None, token: str) -> bool:
    return response is not None and any(_is_same(v.strip(), token) for v in response.all_headers(PROOF_HEADER))


def _is_same(found: str, token: str) -> bool:
    # Takes the same time whatever is found. An empty token would be shown by an empty line.
    return bool(token) and hmac.compare_digest(found.encode(), token.encode())
