"""Names of fields are read as people mean them, whichever way round verb and noun stand."""

import pytest

from apiward.spec.graphql.describing import describe_graphql
from apiward.spec.graphql.sdl import read_sdl


@pytest.mark.parametrize(
    ("field", "shape"),
    [
        ("viewer: A", "GET /me"),
        ("myOrders: [A]", "GET /me/orders"),
        ("allOrders: [A]", "GET /orders"),
        ("orderList: [A]", "GET /orders"),
        ("category(slug: String!): A", "GET /categories/{slug}"),
        ("box(id: ID!, lang: String!): A", "GET /boxes/{id}"),
        ("invoice(number: Int): A", "GET /invoice"),
        ("ordersOf(userId: ID!): [A]", "GET /orders-of"),
        ("adminStats: A", "GET /admin-stats"),
    ],
)
def test_queries(field: str, shape: str) -> None:
    assert _shape(f"type Query {{ {field} }} type A {{ id: ID }}") == shape


@pytest.mark.parametrize(
    ("field", "shape"),
    [
        ("addNote(text: String!): A", "POST /notes"),
        ("noteDelete(noteId: ID!): A", "DELETE /notes/{noteId}"),
        ("order(productId: ID!): A", "POST /orders"),
        ("updateMyProfile(bio: String): A", "PATCH /me"),
        ("updateSettings(theme: String): A", "PATCH /settings"),
        ("changePassword(old: String!, newPassword: String!): A", "POST /change-password"),
        ("tokenAuth(username: String!, password: String!): A", "POST /token-auth"),
        ("payOrder(id: ID!, card: String!): A", "POST /orders/{id}/pay"),
        ("giftCardDeactivate(id: ID!): A", "POST /gift-cards/{id}/deactivate"),
        ("addToCart(productId: ID!): A", "POST /add-to-cart"),
        ("deleteAll: Boolean", "DELETE /all"),
    ],
)
def test_mutations(field: str, shape: str) -> None:
    assert _shape(f"type Mutation {{ {field} }} type A {{ id: ID }}") == shape


def _shape(text: str) -> str:
    (operation,) = describe_graphql(read_sdl(text), endpoint="/graphql", source="").operations
    return f"{operation.method} {operation.path}"
