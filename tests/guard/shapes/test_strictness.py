from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from apiward.guard.shapes.strictness import Pruner, members_of

TEXT = Schema(types=("string",))
READ_ONLY = Schema(types=("string",), is_read_only=True)
PART = Schema(properties={"name": TEXT, "id": READ_ONLY})
ORDER = Schema(properties={"parts": Schema(items=PART), "note": TEXT, "free": Schema(types=("object",))})


def pruner(*, undeclared: bool = True, read_only: bool = True) -> Pruner:
    return Pruner({}, undeclared, read_only)


def test_what_is_undeclared_or_read_only_is_taken_out_and_counted() -> None:
    value: Json = {"note": "a", "role": 1, "parts": [{"name": "x", "id": "7", "z": 1}], "free": {"any": 1}}
    one = pruner()
    assert one.pruned(value, ORDER) == {"note": "a", "parts": [{"name": "x"}], "free": {"any": 1}}
    assert (one.first, one.is_first_read_only, one.dropped) == (("role",), False, 3)


def test_each_kind_can_be_left_in() -> None:
    value: Json = {"parts": [{"id": "7", "z": 1}]}
    only_read_only = pruner(undeclared=False)
    assert only_read_only.pruned(value, ORDER) == {"parts": [{"z": 1}]}
    assert (only_read_only.first, only_read_only.is_first_read_only) == (("parts", 0, "id"), True)
    assert pruner(read_only=False).pruned(value, ORDER) == {"parts": [{"id": "7"}]}


def test_what_is_sound_stays_the_same_object() -> None:
    value: Json = {"note": "a", "parts": [{"name": "x"}]}
    one = pruner()
    assert one.pruned(value, ORDER) is value
    assert one.first is None


def test_forms_are_taken_together() -> None:
    either = Schema(variants=(Schema(properties={"a": TEXT}), Schema(properties={"a": READ_ONLY, "b": TEXT})))
    assert pruner().pruned({"a": "1", "b": "2", "c": "3"}, either) == {"a": "1", "b": "2"}
    assert members_of((Schema(variants=(PART, Schema(types=("object",)))),), {}).is_free


def test_cycles_lead_back_to_the_whole() -> None:
    cut = Schema(name="Node", is_recursive=True)
    node = Schema(name="Node", properties={"name": TEXT, "node": cut})
    value: Json = {"node": {"node": {"name": "a", "x": 1}}}
    assert Pruner({"Node": node}, True, True).pruned(value, node) == {"node": {"node": {"name": "a"}}}  # noqa: FBT003
    assert pruner().pruned(value, node) == value


def test_very_deep_values_end() -> None:
    node = Schema(name="Node", properties={"node": Schema(name="Node", is_recursive=True)})
    value: Json = {}
    for _ in range(500):
        value = {"node": value}
    assert Pruner({"Node": node}, True, True).pruned(value, node) is value  # noqa: FBT003


def test_properties_of_subtypes_stay() -> None:
    below: list[Schema] = []
    pet = Schema(properties={"name": TEXT}, subtypes=below)
    below.append(Schema(properties={"name": TEXT, "lives": TEXT, "friend": pet}))
    value: Json = {"name": "a", "lives": "9", "x": 1, "friend": {"lives": "1", "y": 2}}
    assert pruner().pruned(value, pet) == {"name": "a", "lives": "9", "friend": {"lives": "1"}}
