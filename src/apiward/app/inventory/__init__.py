"""What there is: operations with who may and does call them, the data that they carry, versions and hosts."""
