#!/usr/bin/env python3
"""A Hugging Face hub on loopback, and a second server that holds its large files, for the tests of get-model --hub.

    fake-hub.py FOLDER PORT_FILE LOG_FILE

FOLDER/NAME holds the files of the model me/NAME; those of 10 kB or more are large. The name says what goes wrong:
    private      401 without the token "hf_secret"          gated     the same, for files only
    renamed      a redirection to me/whole                  page      a web page instead of the listing
    not-json     a listing that is cut off                  no-sizes  a listing without sizes
    no-commit    a listing without a commit                 twice     a listing that names a file twice
    evil         more files, with names that lead out       busy      status 503
    wrong-sha    another SHA-256 in the listing             wrong-blob, wrong-size   likewise
    cut, cut-always   the first transfer, or each, stops in the middle       stall   one that stops and stays open
    empty        an empty listing
    unlinked     a listed file that isn't there (404)       crossed   files are web pages
Revisions are main and v1/x. PORT_FILE gets the hub's port; LOG_FILE a line "hub|store PATH RANGE AUTHORIZATION" for
each request ("-" for none).
"""

import hashlib
import json
import os
import sys
import threading
import time
import urllib.parse

import loopback

folder, port_file, log_file = sys.argv[1:4]
commits = {"main": "0123456789abcdef" * 2 + "01234567", "v1/x": "fedcba9876543210" * 2 + "fedcba98"}
transfers = {}


def listing(name, commit):
    siblings = []
    for file in sorted(os.listdir(os.path.join(folder, name))):
        with open(os.path.join(folder, name, file), "rb") as content:
            data = content.read()
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        entry = {"rfilename": file, "size": len(data), "blobId": blob}
        if len(data) >= 10_000:
            sha256 = hashlib.sha256(data).hexdigest()
            if name == "wrong-sha":
                sha256 = sha256[::-1]
            entry["blobId"] = "ab" * 20
            entry["lfs"] = {"sha256": sha256, "size": len(data), "pointerSize": 134}
        elif name == "wrong-blob":
            entry["blobId"] = blob[::-1]
        if name == "no-sizes":
            del entry["size"]
            entry.pop("lfs", None)
        if name == "wrong-size":
            entry["size"] += 1
            if "lfs" in entry:
                entry["lfs"]["size"] += 1
        siblings.append(entry)
    if name == "twice":
        siblings += [entry for entry in siblings if entry["rfilename"] == "config.json"]
    if name == "evil":
        for path in ["../evil", "../config.json", "sub/config.json", "/tmp/evil", ".", "..", "model-1-of-2.safetensors",
                     "$(touch evil)", "x\nconfig.json 5 - -", 'x"\\', ".bashrc", "modeling.py"]:
            siblings.append({"rfilename": path, "size": 5, "blobId": "cd" * 20})
    answer = {"_id": "61", "id": f"me/{name}", "sha": commit, "gated": False, "likes": 1.5e2, "tags": [],
              "cardData": {}, "mask_token": None,
              "config": {"a/b": ["\u00fc \"quoted\" \\", {"sha": "none", "siblings": [{"rfilename": "config.json"}]}]},
              "siblings": siblings}
    if name == "no-commit":
        del answer["sha"]
    text = json.dumps(answer, ensure_ascii=False).encode()
    return text[:-20] if name == "not-json" else text


class Handler(loopback.Handler):
    def do_GET(self):
        role = "store" if self.server is store else "hub"
        with open(log_file, "a") as log:
            log.write(f"{role} {self.path} {self.headers.get('Range', '-')} {self.headers.get('Authorization', '-')}\n")
        parts = urllib.parse.urlsplit(self.path).path.strip("/").split("/")
        if role == "store":
            self.deliver(*parts)
        elif parts[:2] == ["api", "models"]:
            self.list(parts[3], urllib.parse.unquote(parts[5]) if len(parts) > 5 else "main")
        else:
            self.resolve(parts[1], parts[3], parts[4])

    def is_allowed(self):
        return self.headers.get("Authorization") == "Bearer hf_secret"

    def list(self, name, revision):
        if name == "renamed":
            self.answer(307, b"moved", {"Location": self.path.replace("renamed", "whole")})
        elif name == "busy":
            self.answer(503, b"")
        elif name == "page":
            self.answer(200, b"<html>Please log in</html>", {"Content-Type": "text/html; charset=utf-8"})
        elif name == "empty":
            self.answer(200, b"")
        elif name == "private" and not self.is_allowed():
            self.answer(401, b"Invalid username or password.", {"X-Error-Code": "RepoNotFound"})
        elif not os.path.isdir(os.path.join(folder, name)):
            self.answer(404 if self.is_allowed() else 401, b"", {"X-Error-Code": "RepoNotFound"})
        elif revision not in commits:
            self.answer(404, b"Invalid rev id", {"X-Error-Code": "RevisionNotFound"})
        else:
            self.answer(200, listing(name, commits[revision]), {"Content-Type": "application/json"})

    def resolve(self, name, commit, file):
        if name == "renamed":
            self.answer(307, b"moved", {"Location": self.path.replace("renamed", "whole")})
        elif commit not in commits.values() or (name == "unlinked" and file == "model.safetensors"):
            self.answer(404, b"", {"X-Error-Code": "EntryNotFound"})
        elif name == "crossed":
            self.answer(200, b"<html>Please log in</html>", {"Content-Type": "text/html"})
        elif name == "private" and not self.is_allowed():
            self.answer(401, b"", {"X-Error-Code": "RepoNotFound"})
        elif name == "gated" and not self.is_allowed():
            self.answer(401, b"", {"X-Error-Code": "GatedRepo"})
        elif os.path.getsize(os.path.join(folder, name, file)) >= 10_000:
            address = f"http://127.0.0.1:{store.server_port}/{name}/{file}"
            self.answer(302, b"Found. Redirecting to " + address.encode(), {"Location": address})
        else:
            self.deliver(name, file)

    def deliver(self, name, file):
        with open(os.path.join(folder, name, file), "rb") as content:
            data = content.read()
        status, start, headers = 200, 0, {"Content-Type": "application/octet-stream"}
        if "Range" in self.headers:
            start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            status = 206
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        body = data[start:]
        transfers[self.path] = transfers.get(self.path, 0) + 1
        large = len(data) >= 10_000
        cut = large and (name in ("cut-always", "stall") or (name == "cut" and transfers[self.path] == 1))
        self.answer(status, body, headers, sent=len(body) // 2 if cut else len(body))
        if cut and name == "stall":
            time.sleep(30)
        if cut:
            self.close_connection = True


hub, store = loopback.server(Handler), loopback.server(Handler)
threading.Thread(target=store.serve_forever, daemon=True).start()
loopback.announce(hub.server_port, port_file)
hub.serve_forever()
