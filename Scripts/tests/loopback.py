"""What the servers of the tests have in common: they listen on loopback, and answer whole or break off."""

import http.server
import os


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, headers=None, sent=None):
        """Sends `body`, or the first `sent` bytes of it with the length of all."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:sent])

    def log_message(self, *arguments):
        pass


def server(handler):
    """A server on a free port, not yet running."""
    result = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    result.daemon_threads = True
    result.handle_error = lambda *_: None  # A client that gave up, as some tests want it to.
    return result


def announce(port, path):
    """Writes the port to a file, which appears whole."""
    with open(path + ".new", "w") as file:
        file.write(str(port))
    os.rename(path + ".new", path)
