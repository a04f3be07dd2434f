"""API descriptions in, `core.Api` out."""
