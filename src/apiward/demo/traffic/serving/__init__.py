"""The API that is simulated: what it keeps, who has which right, and what it answers."""
