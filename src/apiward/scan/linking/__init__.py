"""After the checks: which findings open the way to what, each link seen in this scan."""
