"""The reverse proxy: granian in front, an own HTTP/1.1 client behind, an ASGI app that forwards between them."""
