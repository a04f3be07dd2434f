"""JSON Web Tokens: read within bounds, verified with keys bound to their algorithms (RFC 7519, RFC 8725)."""
