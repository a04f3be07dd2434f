"""HTTP message signatures (RFC 9421) and content digests (RFC 9530)."""
