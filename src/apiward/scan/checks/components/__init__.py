"""Components: programs of others that the API is built with, as far as they show from outside."""
