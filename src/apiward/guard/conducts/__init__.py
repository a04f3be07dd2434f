"""How a caller behaves over time: log-ins that fail, ids that are guessed, steps that are left out."""
