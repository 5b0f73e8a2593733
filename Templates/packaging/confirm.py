#!/usr/bin/env python3
"""The page on which customers say whether a reply of AuraDesk was an answer: a sample, for "feedback: {page: ...}" in desk.yaml.

A GET shows buttons and does nothing else, however often somebody follows the link: programs that look at links in mail do not
vote. Only the POST of a button makes a vote: a mail to the shop, signed with the secret that desk.yaml names as page_key. Whether
the token in the link is genuine, and whose it is, the desk finds out; the page knows nobody.

Any WSGI server runs it (application below), or for a try: confirm.py --port 8765. It is told where things are by its environment:

  CONFIRM_KEY_FILE  the file with the secret, which only the page may read
  CONFIRM_TO        the shop's address, as shop.address in desk.yaml
  CONFIRM_FROM      the address that the page's mails come from, one of the shop's own
  CONFIRM_MAILDIR   the maildir that takes them, such as the shop's inbox; or
  CONFIRM_SMTP      the mail server that does, as host:port; by default 127.0.0.1:25

Python's own library is all it needs. Serve it by HTTPS only.
"""
import email.message
import email.utils
import hashlib
import hmac
import html
import os
import re
import smtplib
import socket
import sys
import time
import urllib.parse

TOKEN = re.compile(r"[A-Z2-7]{50}\Z")
ANSWERS = ("yes", "no", "1", "2", "3", "4", "5")
LARGEST = 4096

# What the page says, by the language of the reply. A further language is a further entry.
WORDS = {
    "en": {
        "question": "Did our reply answer your question?",
        "yes": "Yes", "no": "No, I would like a person",
        "scale": "Or rate it, from 1 (not at all) to 5 (completely):",
        "thanks": "Thank you. Your answer is on its way to us.",
        "broken": "This link is not complete. Please open it again from our mail.",
        "later": "That did not work. Please try again in a few minutes.",
    },
    "hi": {
        "question": "क्या हमारे उत्तर से आपको अपने प्रश्न का जवाब मिल गया?",
        "yes": "हाँ", "no": "नहीं, मुझे टीम के किसी सदस्य से बात करनी है",
        "scale": "या 1 (बिल्कुल नहीं) से 5 (पूरी तरह) तक अंक दें:",
        "thanks": "धन्यवाद। आपका उत्तर हमें मिल जाएगा।",
        "broken": "यह लिंक पूरा नहीं है। कृपया इसे हमारे मेल से फिर खोलें।",
        "later": "यह नहीं हो पाया। कृपया कुछ मिनट बाद फिर कोशिश करें।",
    },
    "hi-Latn": {
        "question": "Kya hamare jawab se aapko apne sawaal ka jawab mil gaya?",
        "yes": "Haan", "no": "Nahi, mujhe team ke kisi sadasya se baat karni hai",
        "scale": "Ya 1 (bilkul nahi) se 5 (poori tarah) tak ank dein:",
        "thanks": "Dhanyavaad. Aapka jawab hum tak pahunch jaayega.",
        "broken": "Yeh link poora nahi hai. Kripya ise hamare mail se phir kholein.",
        "later": "Yeh nahi ho paaya. Kripya kuchh minute baad phir koshish karein.",
    },
}

PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; }}
button {{ font: inherit; padding: .6rem 1.2rem; margin: .3rem .3rem .3rem 0; cursor: pointer; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}</body>
</html>
"""


def page(words, language, title, body=""):
    return PAGE.format(language=html.escape(language), title=html.escape(words[title]), body=body)


def form(words, language, token):
    def button(answer, label):
        return f'<button name="v" value="{answer}">{html.escape(label)}</button>\n'

    return (
        '<form method="post" action="">\n'
        f'<input type="hidden" name="t" value="{token}"><input type="hidden" name="l" value="{html.escape(language)}">\n'
        f'<p>{button("yes", words["yes"])}{button("no", words["no"])}</p>\n'
        f'<p>{html.escape(words["scale"])}</p>\n<p>' + "".join(button(n, n) for n in ANSWERS[2:]) + "</p>\n</form>\n"
    )


def ballot(token, answer):
    """The mail that tells the desk what was chosen. The same choice is the same mail, however often it is made."""
    with open(os.environ["CONFIRM_KEY_FILE"], "rb") as file:
        key = file.read().removesuffix(b"\n")
    mac = hmac.new(key, f"{token}\n{answer}".encode(), hashlib.sha256).hexdigest()
    sender = os.environ["CONFIRM_FROM"]
    mail = email.message.EmailMessage()
    mail["From"] = sender
    mail["To"] = os.environ["CONFIRM_TO"]
    mail["Subject"] = "An answer from the page"
    mail["Date"] = email.utils.formatdate()
    mail["Message-ID"] = f"<page-{token.lower()}-{answer}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-AuraDesk-Page"] = f"{token} {answer} {mac}"
    mail.set_content("A customer has answered on the page.\n")
    return mail


def send(mail):
    maildir = os.environ.get("CONFIRM_MAILDIR")
    if not maildir:
        host, _, port = os.environ.get("CONFIRM_SMTP", "127.0.0.1:25").rpartition(":")
        with smtplib.SMTP(host, int(port), timeout=20) as server:
            server.send_message(mail)
        return
    name = f"{int(time.time())}.M{time.time_ns() % 10**9}P{os.getpid()}.{socket.gethostname()}"
    draft = os.path.join(maildir, "tmp", name)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(mail.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    os.rename(draft, os.path.join(maildir, "new", name))


def same_site(environ):
    """Whether the button stood on this page: browsers say where a POST comes from."""
    origin = environ.get("HTTP_ORIGIN")
    return origin is None or urllib.parse.urlsplit(origin).netloc == environ.get("HTTP_HOST")


def fields(environ, method):
    if method != "POST":
        text = environ.get("QUERY_STRING", "")
    else:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not 0 <= length <= LARGEST:
            return {}
        text = environ["wsgi.input"].read(length).decode("utf-8", "replace")
    try:
        return {name: values[0] for name, values in urllib.parse.parse_qs(text, max_num_fields=10).items()}
    except ValueError:
        return {}


def answer(environ):
    """Status and page for a request."""
    method = environ.get("REQUEST_METHOD", "GET")
    if method not in ("GET", "HEAD", "POST"):
        return "405 Method Not Allowed", page(WORDS["en"], "en", "broken")
    values = fields(environ, method)
    language = values.get("l", "en")
    if language not in WORDS:
        language = "en"
    words = WORDS[language]
    token = values.get("t", "").strip().upper()
    if not TOKEN.match(token):
        return "400 Bad Request", page(words, language, "broken")
    if method != "POST":
        return "200 OK", page(words, language, "question", form(words, language, token))
    if values.get("v") not in ANSWERS or not same_site(environ):
        return "400 Bad Request", page(words, language, "broken")
    try:
        send(ballot(token, values["v"]))
    except (OSError, smtplib.SMTPException) as error:
        print(f"confirm: {type(error).__name__}", file=environ["wsgi.errors"])
        return "503 Service Unavailable", page(words, language, "later")
    return "200 OK", page(words, language, "thanks")


def application(environ, start_response):
    try:
        status, text = answer(environ)
    except ValueError:
        status, text = "400 Bad Request", page(WORDS["en"], "en", "broken")
    body = text.encode()
    start_response(status, [
        ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy",
         "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"),
    ])
    return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]


if __name__ == "__main__":
    import wsgiref.simple_server

    class Quiet(wsgiref.simple_server.WSGIRequestHandler):
        def log_message(self, *_):
            pass

    wanted = int(sys.argv[2]) if sys.argv[1:2] == ["--port"] and len(sys.argv) == 3 else 8765
    with wsgiref.simple_server.make_server("127.0.0.1", wanted, application, handler_class=Quiet) as server:
        print(server.server_port, flush=True)
        server.serve_forever()
