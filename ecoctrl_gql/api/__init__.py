"""The building blocks that every domain's GraphQL types are made of."""
