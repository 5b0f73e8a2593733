"""shop.py create: the database with a few orders, and the staff's token beside it. shop.py serve PORT: the shop."""

import datetime
import os
import sys
from decimal import Decimal

import django

django.setup()

# Address, guest or not, state, number of mugs and caps, when it was placed; numbers count from 1001.
ORDERS = [
    ("jane@customer.example", False, "Complete", 0, 1, "2026-02-01T09:00:00"),
    ("jane@customer.example", False, "Being processed", 2, 0, "2026-03-07T18:45:00"),
    ("jane@customer.example", False, "Pending", 1, 1, "2026-03-09T10:00:00"),
    ("bob@customer.example", False, "Cancelled", 1, 3, "2026-03-01T10:00:00"),
    ("guest@customer.example", True, "Shipped", 1, 0, "2026-03-03T10:00:00"),
    ("guest@customer.example", True, "Held by customs", 0, 2, "2026-03-04T10:00:00"),
]


def create():
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from oscar.core.loading import get_model
    from oscar.test import factories
    from rest_framework.authtoken.models import Token

    call_command("migrate", verbosity=0)
    get_model("address", "Country").objects.create(
        iso_3166_1_a2="IN", printable_name="India", name="India", is_shipping_country=True
    )
    users = get_user_model().objects
    goods = [
        factories.create_product(title=title, upc=upc, price=Decimal(price), num_in_stock=100)
        for title, upc, price in (("Mug", "MUG-1", "12.50"), ("Cap", "CAP-1", "20.00"))
    ]
    # What is sold out, what may stand in for it, and what goes with it, in stock and not.
    more = [
        factories.create_product(title=title, upc=upc, price=Decimal(price), num_in_stock=stock)
        for title, upc, price, stock in (
            ("Blue travel mug", "MUG-2", "15.00", 0),
            ("Green travel mug", "MUG-3", "16.00", 4),
            ("Cork coaster", "COAST-1", "4.50", 9),
            ("Silver spoon", "SPOON-1", "5.50", 0),
        )
    ]
    mugs = get_model("catalogue", "Category").add_root(name="Travel mugs")
    for product in more[:2]:
        get_model("catalogue", "ProductCategory").objects.create(product=product, category=mugs)
    for product in more[2:]:
        get_model("catalogue", "ProductRecommendation").objects.create(primary=more[1], recommendation=product)
    for index, (email, is_guest, status, mugs, caps, placed) in enumerate(ORDERS):
        user = None
        if not is_guest:
            user = users.filter(email=email).first() or users.create_user(email, email, "password")
        basket = factories.create_basket(empty=True)
        for product, quantity in zip(goods, (mugs, caps)):
            if quantity:
                basket.add_product(product, quantity)
        order = factories.create_order(number=str(1001 + index), user=user, basket=basket)
        when = datetime.datetime.fromisoformat(placed).replace(tzinfo=datetime.timezone.utc)
        get_model("order", "Order").objects.filter(pk=order.pk).update(
            status=status, date_placed=when, user=user, guest_email=email if is_guest else ""
        )
    staff = users.create_superuser("staff", "staff@shop.example", "password")
    with open(os.path.join(settings.FOLDER, "token"), "w") as file:
        file.write(Token.objects.create(user=staff).key + "\n")


def serve(port):
    from django.core.wsgi import get_wsgi_application
    from waitress import serve as run

    run(get_wsgi_application(), host="127.0.0.1", port=port, threads=4)


if sys.argv[1] == "create":
    create()
else:
    serve(int(sys.argv[2]))
