"""Uses of types, and what a schema knows of names that it does not hold."""

from apiward.spec.graphql.model import GraphqlSchema, Kind, TypeRef


def test_a_use_of_a_type_tells_its_wrappings() -> None:
    use = TypeRef("[[Order!]]!")
    assert (use.name, use.is_list, use.is_required) == ("Order", True, True)
    assert use.inner().text == "[Order!]"
    assert use.inner().inner().text == "Order!"


def test_an_unknown_type_is_a_scalar_without_fields() -> None:
    assert GraphqlSchema().kind_of("Money") is Kind.SCALAR
    assert GraphqlSchema().fields_of("Money") == ()
