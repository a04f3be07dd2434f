"""Declared forms of access logs, compiled: what nginx, Apache and HAProxy are told to write."""
