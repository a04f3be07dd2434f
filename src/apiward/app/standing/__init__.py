"""How things stand with an API: gathered once from store, rules and guard, for page, report and digest alike."""
