"""A GraphQL schema as shops have them."""

SHOP = '''
"""The shop"""
type Query {
  me: User
  orders(first: Int): OrderConnection!
  order(id: ID!): Order
  getNoteById(noteId: Int!): Note
  userByName(username: String!): User
  searchProducts(term: String, limit: Int = 10): [Product!]!
  node(id: ID!): Node
  "Only for admins"
  allUsers: [User!]! @cost(weight: "{ 5 }")
}
interface Node { id: ID! }
type User implements Node { id: ID! email: String! role: Role! orders: [Order!]! }
type Order implements Node { id: ID! total: Float owner: User! items(first: Int): [Item!]! }
type Item { name: String price(currency: String!): Float }
type OrderConnection { edges: [OrderEdge] pageInfo: PageInfo }
type OrderEdge { node: Order cursor: String }
type PageInfo { hasNextPage: Boolean }
type Note { id: Int! text: String @deprecated(reason: "x { } ") }
type Product { id: ID! name: String }
enum Role { USER ADMIN }
union LoginResult = LoginSuccess | LoginError
type LoginSuccess { token: String! }
type LoginError { message: String! }
input OrderInput { productId: ID! quantity: Int = 1 note: String address: Address }
input Address { street: String! }
input UpdateNoteInput { id: Int! text: String }
input RegisterInput { username: String!, email: String!, password: String! }
directive @cost(weight: String) repeatable on FIELD_DEFINITION | OBJECT
schema { query: Query mutation: Mutation }
type Mutation {
  login(username: String!, password: String!): LoginResult
  register(input: RegisterInput!): User
  createOrder(input: OrderInput!): Order
  updateNote(input: UpdateNoteInput!): Note
  deleteNote(id: Int!): Boolean
  cancelOrder(orderId: ID!): Order
  orderUpdate(id: ID!, total: Float): Order
  updateUser(email: String, role: Role): User
}
extend type Mutation { logout: Boolean }
'''
