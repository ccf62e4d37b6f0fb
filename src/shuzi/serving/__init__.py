"""The server: the page and the HTTP API of `shuzi serve`. It needs the extra `serve`, and never torch."""
