"""Descriptions out: a `core.api.Api` as an OpenAPI 3.1 document."""
