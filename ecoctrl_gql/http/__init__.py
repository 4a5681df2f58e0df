"""Everything between the socket and the schema."""
