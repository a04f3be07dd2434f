"""Holds the hole shut: a pure engine that judges requests and answers, stage by stage."""
