"""A description learned from traffic: what is seen goes in, an API with how sure it is comes out."""
