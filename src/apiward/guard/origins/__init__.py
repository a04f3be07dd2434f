"""Where a request comes from: addresses, networks, and what proxies say of them."""
