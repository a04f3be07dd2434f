"""The demo business: one API, with a weak and a sound twin of every weakness, each switchable by name."""
