"""What answers to the scan mean."""
