"""What a server tells of itself becomes the same schema as what is written down; anything else is none."""

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.jsonvalue import Json
from apiward.spec.graphql.introspection import told_schema

_STRING: Json = {"kind": "SCALAR", "name": "String", "ofType": None}
_ANSWER: Json = {
    "data": {
        "__schema": {
            "queryType": {"name": "Root"},
            "mutationType": None,
            "types": [
                {
                    "kind": "OBJECT",
                    "name": "Root",
                    "fields": [
                        {
                            "name": "note",
                            "description": "One note",
                            "isDeprecated": True,
                            "args": [
                                {"name": "id", "type": {"kind": "NON_NULL", "ofType": _STRING}, "defaultValue": None},
                                {"name": "size", "type": _STRING, "defaultValue": '"L"'},
                            ],
                            "type": {
                                "kind": "NON_NULL",
                                "ofType": {"kind": "LIST", "ofType": {"kind": "NON_NULL", "ofType": _STRING}},
                            },
                        }
                    ],
                },
                {"kind": "ENUM", "name": "Role", "enumValues": [{"name": "USER"}]},
                {"kind": "OBJECT", "name": "__Schema", "fields": []},
                {"kind": "STRANGE", "name": "Odd"},
                None,
            ],
        }
    }
}


def test_an_answer_becomes_a_schema() -> None:
    schema = told_schema(_ANSWER)
    assert schema is not None
    assert (schema.query, schema.mutation, sorted(schema.types)) == ("Root", "", ["Role", "Root"])
    (note,) = schema.fields_of("Root")
    assert (note.type.text, note.is_deprecated, note.description) == ("[String!]!", True, "One note")
    assert [(one.name, one.type.text, one.is_required) for one in note.arguments] == [
        ("id", "String!", True),
        ("size", "String", False),
    ]
    assert schema.types["Role"].members == ("USER",)


def test_the_answer_without_its_envelope_is_read_as_well() -> None:
    assert isinstance(_ANSWER, dict)
    assert told_schema(_ANSWER["data"]) == told_schema(_ANSWER)


def test_a_ring_of_types_ends() -> None:
    ring: dict[str, Json] = {"kind": "LIST"}
    ring["ofType"] = ring
    answer: Json = {"__schema": {"types": [{"kind": "OBJECT", "name": "Q", "fields": [{"name": "a", "type": ring}]}]}}
    schema = told_schema(answer)
    assert schema is not None
    assert len(schema.fields_of("Q")[0].type.text) < 100


_values = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5) | st.sampled_from(["LIST", "NON_NULL", "OBJECT", "INPUT_OBJECT"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["__schema", "types", "name", "kind", "fields", "args", "type", "ofType", "queryType", "data"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(_values)
def test_any_answer_is_a_schema_or_none(value: Json) -> None:
    answers: tuple[Json, ...] = (value, {"data": value}, {"__schema": {"types": [value]}})
    for answer in answers:
        told_schema(answer)
