"""Who is calling: sessions, tokens, passwords, codes, keys and limits. Nothing here knows of GraphQL."""
