"""A scan of an app object in this process: loaded by its name, started, and spoken to without a server."""
