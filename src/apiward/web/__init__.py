"""The owner's page: server-made, works without scripts, and speaks to nobody but the computer it runs on."""
