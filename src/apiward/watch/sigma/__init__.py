"""Owners' own rules, in Sigma: read once, then held against each event as it comes."""
