"""Incidents and people: who is told, how somebody is held off and let in again, and exercises."""
