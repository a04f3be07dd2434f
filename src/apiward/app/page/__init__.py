"""What the owner's page shows and does: one query for each page, and the actions that commands have, too."""
