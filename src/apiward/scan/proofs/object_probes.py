"""Kept objects that a careless reader makes anew (CWE-502). They call nothing but a product or a wait."""

import base64
import operator
import pickle
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from apiward.core.schema import Schema
from apiward.scan.proofs.computed import Sum, fresh_sum
from apiward.spec.meaning import naming

_LIKELY: Final = frozenset(
    "data state session object payload blob import export cart saved token serialized settings preferences prefs "
    "profile config yaml document content cache job task restore backup basket view viewstate".split()
)
# Base64 of what Java, Python, Ruby and .NET write first, the beginnings that PHP and YAML have, and any base64.
_KEPT: Final = re.compile(r"rO0AB|gA[JNSR]|BAh|AAEAAAD|[OaC]:\d+:|!!|(?:[A-Za-z0-9+/]{4}){6,}={0,2}$|---\s")


@dataclass(frozen=True, slots=True)
class Kept:
    """One form of kept objects: a text with a sum in it, one as odd without, and one that waits where there is such."""

    label: str
    text: str
    plain: str
    sum: Sum
    waiting: Callable[[int], str] | None = None


def in_pickle(rng: random.Random) -> Kept:
    """Return objects as Python keeps them."""
    one = fresh_sum(rng)
    pair = (one.one, one.two)
    return Kept("pickle", _pickled(_Call(operator.mul, pair)), _pickled(pair), one, _waiting_in_pickle)


def in_yaml(rng: random.Random) -> Kept:
    """Return objects as unsafe readers of YAML make them."""
    one = fresh_sum(rng)
    pair = f"[{one.one}, {one.two}]"
    waiting = "!!python/object/apply:time.sleep [{}]".format
    return Kept("yaml", f"!!python/object/apply:operator.mul {pair}", f"!!seq {pair}", one, waiting)


def in_node(rng: random.Random) -> Kept:
    """Return objects as node-serialize keeps them."""
    one = fresh_sum(rng)
    code = f'{{"aw":"_$$ND_FUNC$$_function(){{return {one.text}}}()"}}'
    return Kept("node", code, code.replace("_$$ND_FUNC$$_", "_$$ND$$_"), one)


FORMS: Final = (in_pickle, in_yaml, in_node)


def is_likely(name: str, schema: Schema, value: str) -> bool:
    """Whether kept objects may belong there: by name, by format, or by what a fitting value looks like."""
    if schema.format in ("byte", "binary", "base64") or _KEPT.match(value):
        return True
    return bool(_LIKELY & set(naming.words(name)))


class _Call:
    """Is kept as a call: whoever reads it makes the call."""

    def __init__(self, function: Callable[..., object], values: tuple[object, ...]) -> None:
        self._kept = (function, values)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._kept


def _pickled(value: object) -> str:
    return base64.b64encode(pickle.dumps(value, protocol=4)).decode()


def _waiting_in_pickle(seconds: int) -> str:
    return _pickled(_Call(time.sleep, (seconds,)) if seconds else None)
