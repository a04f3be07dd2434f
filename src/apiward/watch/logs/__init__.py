"""Logs that already exist: a line of a web server, a load balancer or a cloud as an event."""
