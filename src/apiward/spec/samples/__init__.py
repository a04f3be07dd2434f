"""Requests that somebody wrote down, recorded or told of, and the API that they make together."""
