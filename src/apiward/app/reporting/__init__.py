"""Reports on how an API stands, made from a store and written as HTML, PDF or JSON."""
