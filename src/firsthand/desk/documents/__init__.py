"""The JSON documents, the one source of what commands and the API answer."""
