"""`make bench`: how fast the server is, beside PostGraphile and beside hand-written SQL."""
