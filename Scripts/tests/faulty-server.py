#!/usr/bin/env python3
"""An HTTP server on loopback that delivers files well or badly, for the tests of Scripts/get-model.

    faulty-server.py FOLDER PORT_FILE LOG_FILE

The first part of a path says how the file FOLDER/NAME is delivered:
    /whole/NAME      as it should be, with byte ranges
    /unranged/NAME   always all of it
    /cut-K/NAME      the first K answers stop in the middle of what was asked for
    /stall/NAME      stops in the middle without closing the connection
    /page/NAME       a web page instead
    /busy/NAME       status 503
    /moved/NAME      a redirection to /whole/NAME
Anything else is 404. PORT_FILE gets the port; LOG_FILE a line "PATH RANGE" per request ("-" without a range).
"""

import os
import re
import sys
import threading

import loopback

folder, port_file, log_file = sys.argv[1:4]
answers_by_path = {}
stopping = threading.Event()


class Handler(loopback.Handler):
    def do_GET(self):
        wanted_range = self.headers.get("Range", "-")
        with open(log_file, "a") as log:
            log.write(f"{self.path} {wanted_range}\n")
        how, _, name = self.path.lstrip("/").partition("/")
        path = os.path.join(folder, os.path.basename(name))
        if how == "page":
            self.answer(200, b"<html><body>Please log in</body></html>", {"Content-Type": "text/html; charset=utf-8"})
        elif how == "busy":
            self.answer(503, b"")
        elif how == "moved":
            self.answer(302, b"", {"Location": f"/whole/{name}"})
        elif not re.fullmatch(r"whole|unranged|cut-\d+|stall", how) or not os.path.isfile(path):
            self.answer(404, b"no such file")
        else:
            with open(path, "rb") as file:
                self.deliver(how, file.read(), wanted_range)

    def deliver(self, how, content, wanted_range):
        status, start, headers = 200, 0, {"Content-Type": "application/octet-stream"}
        match = re.fullmatch(r"bytes=(\d+)-", wanted_range)
        if match and how != "unranged":
            start = int(match[1])
            if start >= len(content):
                self.answer(416, b"", {"Content-Range": f"bytes */{len(content)}"})
                return
            status = 206
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        body = content[start:]
        answers_by_path[self.path] = answers_by_path.get(self.path, 0) + 1
        cut = re.fullmatch(r"cut-(\d+)", how)
        breaks_off = how == "stall" or (cut and answers_by_path[self.path] <= int(cut[1]))
        self.answer(status, body, headers, sent=len(body) // 2 if breaks_off else len(body))
        if how == "stall":
            stopping.wait(30)
        if breaks_off:
            self.close_connection = True


server = loopback.server(Handler)
loopback.announce(server.server_port, port_file)
server.serve_forever()
