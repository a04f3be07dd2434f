"""Fuzz targets: bytes that nobody thought of, for the parts that read what strangers send (`make fuzz`)."""
