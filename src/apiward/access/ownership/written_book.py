"""What was learned of an API as plain data for a file, and back: operations, fields and counts, and no ids."""

from collections.abc import Mapping

from apiward.access.ownership.book import Book
from apiward.access.ownership.model import FieldModel, KindModel, SlotModel, Votes
from apiward.core.jsonvalue import Json

_VOTES = ("mates", "strangers", "reached", "rightful", "links", "whole", "desk")
_MOST = 5_000


def as_json(book: Book) -> Json:
    """Return what is known of kinds and slots."""
    kinds: dict[str, Json] = {name: _kind_out(one) for name, one in book.kinds.items() if _is_worth(one)}
    slots: dict[str, Json] = {key: _slot_out(one) for key, one in book.slots.items() if one.kind or one.links}
    return {"kinds": kinds, "slots": slots}


def take_in(book: Book, value: Json) -> None:
    """Take over what is known better there than here. What cannot be read is left out."""
    if not isinstance(value, dict):
        return
    kinds, slots = value.get("kinds"), value.get("slots")
    for name, row in list(kinds.items())[:_MOST] if isinstance(kinds, dict) else ():
        if isinstance(row, dict):
            found = _kind_in(name, row)
            known = book.kinds.get(name)
            if known is None or _weight(found) > _weight(known):
                book.kinds[name] = found
    for key, row in list(slots.items())[:_MOST] if isinstance(slots, dict) else ():
        if isinstance(row, dict):
            _take_slot(book, _slot_in(key, row))


def _take_slot(book: Book, found: SlotModel) -> None:
    known = book.slots.setdefault(found.key, found)
    if known is found:
        book.forget_namesakes()
    if known is not found and found.rightful.cases >= known.rightful.cases:
        if known.is_likely or not known.kind or not found.is_likely:
            book.set_kind(known, found.kind, is_likely=found.is_likely)
        known.first_day, known.links = found.first_day, found.links or known.links
        known.rightful, known.foreign_people = found.rightful, found.foreign_people


def _weight(kind: KindModel) -> int:
    return kind.studied + kind.objects + kind.rightful.cases


def _is_worth(kind: KindModel) -> bool:
    return bool(kind.objects or kind.rightful.cases or kind.studied)


def _votes_out(votes: Votes) -> Json:
    people: list[Json] = list(votes.people)
    return [votes.cases, votes.hits, people]


def _votes_in(value: Json, most: int = 0) -> Votes:
    made = Votes(most=most) if most else Votes()
    if isinstance(value, list) and len(value) == 3:
        cases, hits, people = value
        made.cases, made.hits = _whole(cases), _whole(hits)
        made.people = {_whole(one) for one in people[:8]} if isinstance(people, list) else set()
    return made


def _kind_out(kind: KindModel) -> Json:
    fields: dict[str, Json] = {
        name: [_votes_out(one.made), _votes_out(one.shown), _votes_out(one.team), _votes_out(one.somebody), one.is_list]
        for name, one in kind.fields.items()
    }
    keys: dict[str, Json] = dict(kind.id_keys)
    row: dict[str, Json] = {name: _votes_out(getattr(kind, name)) for name in _VOTES}
    flags: dict[str, Json] = {name: _votes_out(one) for name, one in kind.flags.items()}
    return {
        **row,
        "flags": flags,
        "first_day": kind.first_day,
        "objects": kind.objects,
        "studied": kind.studied,
        "id_keys": keys,
        "link_sizes": list[Json](kind.link_sizes),
        "fields": fields,
    }


def _kind_in(name: str, row: Mapping[str, Json]) -> KindModel:
    made = KindModel(name[:300], _whole(row.get("first_day")), _whole(row.get("objects")))
    made.studied = _whole(row.get("studied"))
    for votes in _VOTES:
        setattr(made, votes, _votes_in(row.get(votes)))
    flags = row.get("flags")
    if isinstance(flags, dict):
        made.flags = {name[:80]: _votes_in(votes) for name, votes in list(flags.items())[:12]}
    sizes = row.get("link_sizes")
    made.link_sizes = {_whole(one) for one in sizes[:4]} if isinstance(sizes, list) else set()
    keys, fields = row.get("id_keys"), row.get("fields")
    if isinstance(keys, dict):
        made.id_keys = {key: _whole(count) for key, count in list(keys.items())[:40]}
    for field, parts in list(fields.items())[:60] if isinstance(fields, dict) else ():
        if isinstance(parts, list) and len(parts) == 5:
            first, shown, team, somebody, is_list = parts
            made.fields[field] = FieldModel(
                _votes_in(first), _votes_in(shown), _votes_in(team), _votes_in(somebody, 100), is_list is True
            )
    made.has_list = any(one.is_list and one.names_person for one in made.fields.values())
    return made


def _slot_out(slot: SlotModel) -> Json:
    links: dict[str, Json] = {kind: _votes_out(votes) for kind, votes in slot.links.items() if votes.hits}
    people: list[Json] = list(slot.foreign_people)
    return {
        "kind": slot.kind,
        "is_likely": slot.is_likely,
        "first_day": slot.first_day,
        "links": links,
        "rightful": _votes_out(slot.rightful),
        "foreign": people,
    }


def _slot_in(key: str, row: Mapping[str, Json]) -> SlotModel:
    kind, links, foreign = row.get("kind"), row.get("links"), row.get("foreign")
    made = SlotModel(key[:600], kind[:300] if isinstance(kind, str) else "", _whole(row.get("first_day")))
    if isinstance(links, dict):
        made.links = {name: _votes_in(votes) for name, votes in list(links.items())[:200]}
    made.is_likely = row.get("is_likely") is True
    made.rightful = _votes_in(row.get("rightful"))
    made.foreign_people = {_whole(one) for one in foreign[:8]} if isinstance(foreign, list) else set()
    return made


def _whole(value: Json | None) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
