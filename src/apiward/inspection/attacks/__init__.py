"""One family of attacks in each file; `detectors` lists them in order."""
