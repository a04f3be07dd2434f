"""Ways to tell people: mail, signed webhooks, chat and paging services. Each sends to what the settings name."""
