"""What happens in the database, told to whoever follows it: each event once, in an order that makes sense."""
