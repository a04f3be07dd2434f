"""Finding out what an API offers where nobody has described it: bounded, polite, and with reading methods alone."""
