"""slow-shop.py PORT: an order API that takes 100 ms for every answer and prints how many it gave at its end."""

import json
import signal
import sys
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

count = 0


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        global count
        count += 1
        time.sleep(0.1)
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        order = {"number": asked["number"][0], "email": "a@mail.example", "state": "shipped"}
        body = json.dumps({"orders": [order]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def stop(*_):
    print(f"{count} requests", flush=True)
    sys.exit(0)


signal.signal(signal.SIGTERM, stop)
ThreadingHTTPServer.request_queue_size = 256
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
