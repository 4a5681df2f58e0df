"""What the nodes of workflows do, a module a kind; a kind without one is part of the walk itself."""
