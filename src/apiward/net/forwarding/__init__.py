"""Sends records elsewhere: syslog over TLS, HTTP, OpenTelemetry."""
