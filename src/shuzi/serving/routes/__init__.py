"""The addresses of the API, a router a room."""
