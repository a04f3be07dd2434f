"""The guard, composed: as a proxy, as middleware, as the judge that another proxy asks."""
