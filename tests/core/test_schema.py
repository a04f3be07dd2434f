"""The scalar places below a schema."""

from apiward.core.schema import MAX_FIELD_DEPTH, MAX_FIELDS, Schema

TEXT = Schema(types=("string",))


def test_fields_stand_in_order_with_zero_for_any_item() -> None:
    line = Schema(types=("object",), properties={"sku": TEXT, "count": TEXT})
    schema = Schema(
        properties={"name": TEXT, "lines": Schema(types=("array",), items=line), "tags": Schema(items=TEXT)}
    )
    found = [pointer for pointer, _ in schema.fields()]
    assert found == [("name",), ("lines", 0, "sku"), ("lines", 0, "count"), ("tags", 0)]


def test_the_first_variant_counts() -> None:
    schema = Schema(variants=(Schema(properties={"a": TEXT}), Schema(properties={"b": TEXT})))
    assert [pointer for pointer, _ in schema.fields()] == [("a",)]


def test_a_scalar_is_its_own_field() -> None:
    assert list(TEXT.fields()) == [((), TEXT)]


def test_wide_and_deep_schemas_are_bounded() -> None:
    wide = Schema(properties={f"p{number}": TEXT for number in range(5_000)})
    assert sum(1 for _ in wide.fields()) == MAX_FIELDS
    deep = TEXT
    for _ in range(100):
        deep = Schema(properties={"a": deep})
    assert max(len(pointer) for pointer, _ in deep.fields()) == MAX_FIELD_DEPTH
    nested = TEXT
    for _ in range(100):
        nested = Schema(variants=(nested,))
    assert sum(1 for _ in nested.fields()) == 1
