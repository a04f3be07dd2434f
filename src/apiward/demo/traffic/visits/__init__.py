"""What people, guests, staff and machines do on ordinary days."""
