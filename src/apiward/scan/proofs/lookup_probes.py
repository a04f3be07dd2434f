"""Pairs of texts for queries of a directory (LDAP, CWE-90) and of a document (XPath, CWE-643).

None of them finds more than the value itself would.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """`same` means the value where the text becomes part of a query, `other` is as odd and means something else."""

    kind: str
    same: str
    other: str


def pairs(value: str, rng: random.Random) -> Iterator[Pair]:
    """Yield pairs for a value, another place of it or other numbers at each call."""
    if not value or not value.isascii():
        return
    at = rng.randrange(len(value))
    head, sign, tail = value[:at], value[at], value[at + 1 :]
    # RFC 4515, section 3: a backslash with two digits stands for a byte. The other is the next one to it.
    yield Pair("directory", f"{head}\\{ord(sign):02x}{tail}", f"{head}\\{ord(sign) ^ 1:02x}{tail}")
    one = rng.randrange(10, 99)
    for quote in ("'", '"'):
        form = f"{value}{quote} and string-length({quote}{one}{quote})=<n> and {quote}{one}{quote}={quote}{one}"
        yield Pair("document", form.replace("<n>", "2"), form.replace("<n>", "3"))
