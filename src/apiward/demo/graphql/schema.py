"""What the phone app may ask for, in GraphQL's schema language."""

from typing import Final

from apiward.spec.graphql.sdl import read_sdl

SDL: Final = """
type Query {
  "Whoever is logged in"
  me: Client!
  "The caller's own notes"
  notes(search: String): [Note!]!
  note(id: ID!): Note
  "What everybody may read"
  articles(author: String): [Article!]!
  "All clients. Only for staff."
  clients: [Client!]!
}

type Mutation {
  register(input: RegisterInput!): Message!
  "The code is that of the second factor, where the client has switched one on."
  login(email: String!, password: String!, code: String): Session!
  createNote(input: NoteInput!): Note!
  updateNote(id: ID!, input: NoteInput!): Note!
  deleteNote(id: ID!): Boolean!
}

type Client {
  id: ID!
  name: String!
  email: String!
  role: String!
  notes: [Note!]!
}

type Note {
  id: ID!
  title: String!
  text: String!
  owner: Client!
}

type Article {
  slug: String!
  title: String!
  text: String!
}

type Session {
  token: String!
  client: Client!
}

type Message {
  message: String!
}

input RegisterInput {
  email: String!
  name: String!
  password: String!
}

input NoteInput {
  title: String!
  text: String!
}
"""
SCHEMA: Final = read_sdl(SDL)
