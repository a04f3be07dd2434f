"""Says who a live request is from: tokens, keys, signatures, certificates and sessions, checked by a pure engine."""
