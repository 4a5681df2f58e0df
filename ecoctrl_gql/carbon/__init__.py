"""Carbon: emission factors, and the tree that files them."""
