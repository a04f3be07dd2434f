"""What watch saw and scans found: detections, incidents, evidence, findings with their history."""
