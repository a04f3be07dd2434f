"""How people prove who they are at the page: passwords, a second step, recovery codes; and how fast they may try."""
