import time

import pytest

from apiward.core.jsonvalue import Json
from apiward.core.schema import Schema
from tests.spec.documents import answering, only, openapi, read, ref, schema_of, swagger

USER: Json = {
    "type": "object",
    "required": ["email"],
    "properties": {"email": {"type": "string", "format": "email", "example": "a@b.example"}},
}


def test_a_reference_is_followed_and_named() -> None:
    schema = schema_of(ref("User"), User=USER)
    assert schema.name == "User"
    assert schema.required == {"email"}
    assert schema.properties["email"].examples == ("a@b.example",)


def test_references_to_one_definition_share_one_schema() -> None:
    schema = schema_of({"properties": {"a": ref("User"), "b": {"items": ref("User")}}}, User=USER)
    assert schema.properties["b"].items is schema.properties["a"]


def test_keywords_beside_a_reference_are_kept() -> None:
    schema = schema_of({"$ref": "#/components/schemas/User", "nullable": True, "description": "me"}, User=USER)
    assert (schema.is_nullable, schema.description, "email" in schema.properties) == (True, "me", True)


def test_a_cycle_is_cut_and_still_shows_what_it_holds() -> None:
    user: Json = {"properties": {"email": {"type": "string"}, "orders": {"items": ref("Order")}}}
    order: Json = {"properties": {"id": {"type": "integer"}, "user": ref("User")}}
    schema = schema_of(ref("Order"), User=user, Order=order)
    assert not schema.is_recursive
    person = schema.properties["user"]
    assert not person.is_recursive
    items = person.properties["orders"].items
    assert items is not None
    assert items.is_recursive
    assert items.name == "Order"
    assert items.properties["id"].types == ("integer",)
    assert items.properties["user"].is_recursive


def test_a_definition_that_holds_itself_is_cut() -> None:
    schema = schema_of(ref("Node"), Node={"type": "object", "properties": {"next": ref("Node")}})
    assert (schema.is_recursive, schema.properties["next"].is_recursive) == (False, True)
    assert schema.properties["next"].properties["next"].properties == {}


def test_all_of_is_merged_with_the_tightest_bounds() -> None:
    schema = schema_of(
        {"allOf": [ref("User"), {"properties": {"age": {"minimum": 1}}}, {"properties": {"age": {"minimum": 5}}}]},
        User=USER,
    )
    assert set(schema.properties) == {"email", "age"}
    assert schema.required == {"email"}
    assert schema.properties["age"].minimum == 5


def test_a_child_of_a_parent_that_lists_its_children_has_what_it_inherits() -> None:
    pet: Json = {"properties": {"name": {"type": "string"}}, "oneOf": [ref("Cat")]}
    cat: Json = {"allOf": [ref("Pet"), {"properties": {"lives": {"type": "integer"}}}]}
    schema = schema_of({"items": ref("Pet")}, Pet=pet, Cat=cat).items
    assert schema is not None
    assert {"name", "lives"} <= set(schema.properties)


def test_variants_are_kept_beside_properties() -> None:
    schema = schema_of({"properties": {"a": {}}, "oneOf": [{"type": "string"}], "anyOf": [{"type": "integer"}]})
    assert [variant.types for variant in schema.variants] == [("string",), ("integer",)]
    assert "a" in schema.properties


@pytest.mark.parametrize(
    "said",
    [
        {"type": ["string", "null"]},
        {"type": "string", "nullable": True},
        {"type": "string", "x-nullable": True},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"type": "string", "enum": ["a", None]},
    ],
)
def test_every_way_to_say_null(said: Json) -> None:
    schema = schema_of(said)
    assert (schema.types, schema.is_nullable) == (("string",), True)


def test_not_every_schema_is_nullable() -> None:
    assert not schema_of({"type": "string"}).is_nullable


def test_const_defs_and_several_examples() -> None:
    schema = schema_of({"const": "eur", "examples": ["a", "b"], "default": "c"})
    assert (schema.enum, schema.examples) == (("eur",), ("a", "b", "c"))
    tree = answering({"$ref": "#/$defs/Id"})
    tree["$defs"] = {"Id": {"type": "integer"}}
    assert read(tree).operations[0].answer_schemas()[0].types == ("integer",)


def test_exclusive_bounds_of_both_dialects() -> None:
    assert schema_of({"type": "integer", "minimum": 1, "exclusiveMinimum": True}).minimum == 2
    assert schema_of({"type": "integer", "exclusiveMaximum": 9}).maximum == 8
    low = schema_of({"type": "number", "exclusiveMinimum": 0}).minimum
    assert low is not None
    assert 0 < low < 1e-300


def test_closed_read_only_and_write_only() -> None:
    schema = schema_of({"additionalProperties": False, "readOnly": True, "writeOnly": True})
    assert (schema.is_open, schema.is_read_only, schema.is_write_only) == (False, True, True)
    schema = schema_of({"additionalProperties": {"type": "string"}})
    assert (schema.is_open, schema.is_read_only, schema.is_write_only) == (True, False, False)


def test_shape_without_a_type_tells_the_type() -> None:
    assert schema_of({"properties": {}}).types == ("object",)
    assert schema_of({"items": {}}).types == ("array",)
    assert schema_of({}).types == ()


def test_a_required_flag_on_a_property_counts_for_its_parent() -> None:
    assert schema_of({"properties": {"a": {"required": True}, "b": {}}}).required == {"a"}


CHAIN = 3_000


@pytest.mark.parametrize(
    "schemas",
    [
        {f"A{i}": {"properties": {"p": ref(f"A{i + 1}")}} for i in range(CHAIN)},
        {f"A{i}": {"allOf": [ref(f"A{(i + 1) % CHAIN}")]} for i in range(CHAIN)},
        {f"A{i}": ref(f"A{(i + 1) % CHAIN}") for i in range(CHAIN)},
        {f"A{i}": {"anyOf": [ref(f"A{i + 1}"), ref(f"A{i + 1}")]} for i in range(CHAIN)},
        {f"A{i}": {"properties": {f"p{k}": ref(f"A{k}") for k in range(60)}} for i in range(60)},
        {f"A{i}": {"allOf": [ref(f"A{k}") for k in range(60)]} for i in range(60)},
    ],
    ids=["chain", "allOf circle", "ref circle", "wide chain", "everything to everything", "allOf of all"],
)
def test_tangled_references_end_quickly(schemas: dict[str, Json]) -> None:
    started = time.thread_time()
    api = read(answering(ref("A0"), **schemas))
    assert len(api.operations) == 1
    assert time.thread_time() - started < 5


def test_a_thousand_operations_share_their_schemas() -> None:
    content: Json = {"application/json": {"schema": ref("User")}}
    paths: Json = {f"/x{i}": {"get": {"responses": {"200": {"content": content}}}} for i in range(1_000)}
    api = read(openapi(paths, components={"schemas": {"User": USER}}))
    assert len({id(operation.answer_schemas()[0]) for operation in api.operations}) == 1


def test_each_place_of_a_tuple_has_its_schema() -> None:
    whole: Json = {"type": "integer"}
    text: Json = {"type": "string"}
    fastapi: Json = {"type": "array", "prefixItems": [whole, text], "minItems": 2, "maxItems": 2}
    assert places(schema_of(fastapi)) == [("integer",), ("string",)]
    assert places(schema_of({"prefixItems": [whole, text], "items": False})) == [("integer",), ("string",)]
    assert places(schema_of({"prefixItems": [whole], "items": text})) == [("integer",), ("string",)]
    assert places(schema_of({"prefixItems": [whole]})) == [("integer",), ()]
    assert places(schema_of({"items": [whole, text], "additionalItems": False})) == [("integer",), ("string",)]
    assert places(schema_of({"prefixItems": [whole, whole], "items": False})) == [("integer",)]
    assert places(schema_of({"prefixItems": [ref("User"), ref("User")], "maxItems": 2}, User=USER)) == [("object",)]
    assert places(schema_of({"prefixItems": [], "items": text})) == [("string",)]
    assert schema_of({"type": "array", "items": False}).items is None


def places(schema: Schema) -> list[tuple[str, ...]]:
    assert schema.types == ("array",)
    assert schema.items is not None
    return [one.types for one in schema.items.variants or (schema.items,)]


PET: Json = {"type": "object", "properties": {"kind": {"type": "string"}}, "discriminator": {"propertyName": "kind"}}
CAT: Json = {"allOf": [ref("Pet"), {"properties": {"lives": {"type": "integer"}, "friend": ref("Pet")}}]}
LION: Json = {"allOf": [ref("Cat"), {"properties": {"mane": {"type": "boolean"}}}]}


@pytest.mark.parametrize(
    "mapping",
    [None, {}, {"cat": "#/components/schemas/Cat"}, {"cat": "Cat", "x": "Nothing", "y": 5, "z": "http://x/#/y"}],
)
def test_subtypes_are_found_by_mapping_or_by_what_they_inherit(mapping: Json) -> None:
    said: Json = {"propertyName": "kind"} if mapping is None else {"propertyName": "kind", "mapping": mapping}
    pet: Json = {"type": "object", "properties": {"kind": {"type": "string"}}, "discriminator": said}
    schema = schema_of(ref("Pet"), Pet=pet, Cat=CAT, Lion=LION)
    assert {one.name: set(one.properties) for one in schema.subtypes} == {
        "Cat": {"kind", "lives", "friend"},
        "Lion": {"kind", "lives", "friend", "mane"},
    }
    assert not any(one.subtypes for one in schema.subtypes)
    assert not any(one.is_recursive for one in schema.subtypes)


def test_a_mapping_may_name_what_does_not_inherit() -> None:
    pet: Json = {
        "discriminator": {"propertyName": "kind", "mapping": {"a": "Fish", "b": "Pet"}},
        "properties": {"kind": {}},
    }
    schema = schema_of({"nullable": True, "allOf": [ref("Pet")]}, Pet=pet, Fish={"properties": {"fins": {}}})
    assert [one.name for one in schema.subtypes] == ["Fish"]


def test_listed_variants_are_no_subtypes_as_well() -> None:
    pet: Json = {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": {"propertyName": "kind"}}
    schema = schema_of(ref("Pet"), Pet=pet, Cat={"properties": {"a": {}}}, Dog={"properties": {"b": {}}})
    assert (len(schema.variants), list(schema.subtypes)) == (2, [])


def test_subtypes_in_swagger_2() -> None:
    pet: Json = {"properties": {"kind": {"type": "string"}}, "discriminator": "kind"}
    cat: Json = {"allOf": [{"$ref": "#/definitions/Pet"}, {"properties": {"lives": {"type": "integer"}}}]}
    answer: Json = {"responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}}}}
    api = read(swagger({"/x": {"get": answer}}, definitions={"Pet": pet, "Cat": cat}))
    (schema,) = only(api).answer_schemas()
    assert [sorted(one.properties) for one in schema.subtypes] == [["kind", "lives"]]


def test_many_subtypes_are_bounded() -> None:
    many: dict[str, Json] = {f"Cat{at}": {"allOf": [ref("Pet"), {"properties": {f"p{at}": {}}}]} for at in range(300)}
    assert len(schema_of(ref("Pet"), Pet=PET, **many).subtypes) == 100
