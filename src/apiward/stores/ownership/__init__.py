"""Where facts about objects and people are remembered: in memory, or in a file that all workers share."""
