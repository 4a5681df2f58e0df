"""What workflows tell the programs that listen."""
