"""Takes in what somebody knows for sure of objects: which account has made which."""

from collections.abc import Iterable

from apiward.access.ownership.marks import Marks, short
from apiward.access.ownership.memory import CREATED, NAMED, Memory
from apiward.access.ownership.texts import canonical
from apiward.core.objects import KnownObject
from apiward.core.ports import Facts


def seed(known: Iterable[KnownObject], facts: Facts, pepper: bytes, now_s: float) -> int:
    """Remember the owners of known objects, the first name as the main one; return how many there are."""
    marks = Marks(pepper)
    memory = Memory(facts, marks)
    count = 0
    for one in known:
        names = [short(marks.of("name", canonical(name))) for name in one.owners if name]
        parts = [canonical(part) for part in one.id.split("/")]
        if not names or not all(parts) or one.collection.count("{}") != len(parts) - 1:
            continue  # an id that is good only below another one needs that one, too
        thing = memory.thing(memory.thing_key(one.collection.rstrip("/"), "/".join(parts)))
        memory.keep_owner(thing, names[0], NAMED, now_s)
        for name in names:
            memory.clear(thing.base, name, CREATED, now_s)
        count += 1
    return count
