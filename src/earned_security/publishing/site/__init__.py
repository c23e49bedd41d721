"""Around the pages: their addresses, metadata, policy and offline copy, and the checks of a built site."""
