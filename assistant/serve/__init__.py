"""The web side: FastAPI application and the chat page."""
