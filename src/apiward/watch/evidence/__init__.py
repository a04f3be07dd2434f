"""Evidence that is frozen: a bundle whose pieces are chained by hashes, so that anybody can check it, offline."""
