"""From a question to cited sentences: retrieve, rerank, extract, cite, verify."""
