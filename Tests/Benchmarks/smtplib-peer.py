"""What `smtp` needs in Python: the mails, smtplib as a peer, and the time of a round trip.

usage: smtplib-peer.py make FOLDER COUNT | send FOLDER PORT | trip PORT      the last two print seconds
"""
import os, smtplib, statistics, sys, time


def make(folder, count):
    """Mails of 2 KB."""
    os.makedirs(folder)
    for number in range(int(count)):
        head = (f"From: Support <support@shop.example>\r\nTo: customer@mail.example\r\nSubject: Your order {number}\r\n"
                f"Message-ID: <{number}@shop.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n")
        line = f"Line of mail {number}: your parcel is on its way and should arrive soon.\r\n"
        text = head + line * ((2048 - len(head)) // len(line) + 1)
        with open(f"{folder}/{number:04}.eml", "wb") as file:
            file.write(text[:2046].encode() + b"\r\n")


def send(folder, port):
    mails = [open(f"{folder}/{name}", "rb").read() for name in sorted(os.listdir(folder))]
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", int(port)) as server:
        for mail in mails:
            server.sendmail("support@shop.example", ["customer@mail.example"], mail)
    print(time.perf_counter() - started)


def trip(port):
    with smtplib.SMTP("127.0.0.1", int(port)) as server:
        server.ehlo()

        def noop():
            started = time.perf_counter()
            server.noop()
            return time.perf_counter() - started

        print(statistics.median(noop() for _ in range(25)))


{"make": make, "send": send, "trip": trip}[sys.argv[1]](*sys.argv[2:])
