"""What watch looks for, one pattern in one file. Detections never import one another."""
