"""Who may do what: rules by role, scope and kind of caller, compiled into a table and explained."""
