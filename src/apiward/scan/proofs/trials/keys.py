"""Guessing the key of an HMAC-signed token, offline: common words, their variations, short keys."""

import asyncio
import base64
import binascii
import hmac
import itertools
import string
from collections.abc import Iterable, Iterator
from typing import Final

from apiward.catalogue.words import load_words
from apiward.core.ports import Clock
from apiward.scan.proofs.trials.tokens import HASHES, Jwt
from apiward.spec.meaning import naming

TIME_LIMIT_S: Final = 20.0
"""The list is tried in half a second on an idle machine; this is for one that is busy or slow."""
BATCH: Final = 2_048
_TAILS: Final = (
    "1", "12", "123", "1234", "!", "_key", "-key", "key", "Key", "_secret", "-secret", "secret", "Secret",
    "2023", "2024", "2025", "2026",
)  # fmt: skip


async def guess_key(token: Jwt, hints: Iterable[str], clock: Clock) -> bytes | None:
    """Return the key that signed `token`, or None where it was not found in time. Sends nothing."""
    if token.algorithm not in HASHES:
        return None
    return await asyncio.to_thread(search, token, candidates(hints), clock)


def search(token: Jwt, keys: Iterable[bytes], clock: Clock) -> bytes | None:
    """Return the first of `keys` that signed the token; gives up after TIME_LIMIT_S."""
    digest, signed, signature = HASHES[token.algorithm], token.signed, token.signature
    ends_s = clock() + TIME_LIMIT_S
    waiting = iter(keys)
    while clock() < ends_s:
        batch = list(itertools.islice(waiting, BATCH))
        if not batch:
            return None
        for key in batch:
            if hmac.digest(key, signed, digest) == signature:
                return key
    return None


def candidates(hints: Iterable[str]) -> Iterator[bytes]:
    """Yield keys to try, the likeliest first; `hints` are words of the API itself (its title)."""
    words = load_words("weak_keys")
    own = [form for hint in hints for form in _spellings(hint)]
    yield b""
    yield from (word.encode() for word in (*words, *own))
    yield from _decoded((*words, *own))
    for word in (*own, *words):
        yield from (form.encode() for form in _varied(word))
    yield from _short(string.ascii_lowercase, 3)
    yield from _short(string.digits, 5)


def _spellings(hint: str) -> tuple[str, ...]:
    parts = naming.words(hint)
    return tuple(dict.fromkeys((hint, "".join(parts), "-".join(parts), "_".join(parts), *parts)))


def _varied(word: str) -> Iterator[str]:
    for form in dict.fromkeys((word, word.lower(), word.capitalize(), word.upper())):
        yield form
        yield from (form + tail for tail in _TAILS)


def _decoded(words: Iterable[str]) -> Iterator[bytes]:
    """Yield what words stand for where a library takes its key as base64."""
    for word in words:
        try:
            yield base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            continue


def _short(letters: str, longest: int) -> Iterator[bytes]:
    for size in range(1, longest + 1):
        for chosen in itertools.product(letters, repeat=size):
            yield "".join(chosen).encode()
