"""Learners of descriptions, with what they need from outside: digests by a key, and kinds of data."""

from collections.abc import Callable
from hashlib import blake2b

from apiward.classify.fields import kinds_of_field
from apiward.spec.learning.learner import Learner


def digester(key: bytes) -> Callable[[str], int]:
    """Return what makes a number below 2**48 of a text, which tells nothing without the key."""

    def digest(text: str) -> int:
        return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), key=key, digest_size=6).digest())

    return digest


def kinds_of(name: str, text: str) -> frozenset[str]:
    """Return the kinds of sensitive data that a text is, by their names."""
    return frozenset(kind.value for kind in kinds_of_field(name, text) if kind.value != "identifier")


def new_learner(key: bytes) -> Learner:
    """Return a learner that knows nothing yet."""
    return Learner(digester(key), kinds_of)
