"""make-mails.py COUNT FOLDER: writes made-up mails of six shapes, about 6 KB each, always the same ones."""
import datetime, email.policy, email.utils, os, random, sys
from email.message import EmailMessage

count, folder = int(sys.argv[1]), sys.argv[2]
chance = random.Random(7)
words = ("order parcel invoice please where when bowl broken refund thank you address change delivery number today "
         "zurück größe livraison réponse 注文 заказ मेरा ऑर्डर").split()
begin = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)
os.makedirs(folder, exist_ok=True)


def prose(size):
    lines, line, total = [], [], 0
    while total < size:
        word = chance.choice(words)
        total += len(word.encode()) + 1
        line.append(word)
        if sum(map(len, line)) > 64:
            lines.append(" ".join(line))
            line = []
            if chance.random() < 0.08:
                lines.append("")
    return "\n".join(lines + [" ".join(line)]) + "\n"


def quote(text):
    return "\nOn Mon, 6 Jan 2025 at 10:00, Shop <shop@shop.example> wrote:\n" + "".join(
        "> " + line + "\n" for line in text.splitlines())


for index in range(count):
    mail = EmailMessage(policy=email.policy.SMTP.clone(linesep="\n"))
    for hop in range(3):
        mail["Received"] = (f"from a{hop}.post.example (a{hop}.post.example [192.0.2.{hop}]) by b{hop}.shop.example "
                            f"with ESMTPS id {chance.randrange(1 << 44):x}; {email.utils.format_datetime(begin)}")
    mail["From"] = f'"Käufer {index % 89}" <buyer{index % 89}@post.example>'
    mail["To"] = "support@shop.example"
    mail["Subject"] = " ".join(chance.choice(words) for _ in range(5))
    mail["Date"] = email.utils.format_datetime(begin + datetime.timedelta(minutes=3 * index))
    mail["Message-ID"] = f"<{index}.{chance.randrange(1 << 40):x}@post.example>"
    if index % 3 == 1:
        mail["In-Reply-To"] = f"<{index - 1}@shop.example>"
        mail["References"] = " ".join(f"<{other}@shop.example>" for other in range(max(0, index - 8), index))
    size = min(30_000, int(chance.lognormvariate(7.2, 0.9)))
    shape = index % 6
    if shape == 0:
        mail.set_content(prose(size) + quote(prose(size // 2)))
    elif shape == 1:
        mail.set_content(prose(size), cte="quoted-printable")
    elif shape == 2:
        mail.set_content(prose(size), cte="base64")
    elif shape == 3:
        mail.set_content(prose(size // 2))
        mail.add_alternative("<html><body><p>" + prose(size).replace("\n", "<br>\n") + "</p></body></html>",
                             subtype="html")
    elif shape == 4:
        mail.set_content(prose(size))
        mail.add_attachment(chance.randbytes(min(60_000, int(chance.lognormvariate(8.3, 0.9)))), maintype="image",
                            subtype="jpeg", filename="Foto ü.jpg")
    else:
        inner = EmailMessage(policy=mail.policy)
        inner["From"], inner["Subject"] = "friend@post.example", "weitergeleitet ü"
        inner.set_content(prose(size))
        mail.set_content(prose(size // 2))
        mail.add_attachment(inner)
    with open(f"{folder}/{index:06}.eml", "wb") as file:
        file.write(mail.as_bytes())
