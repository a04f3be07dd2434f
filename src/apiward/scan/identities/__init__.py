"""The accounts of a scan: how they sign up, log in and stay logged in."""
