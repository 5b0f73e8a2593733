"""The API of the shop, and the two views that a desk needs beside it."""

from django.apps import apps
from django.db.models import Q
from django.urls import include, path
from oscar.core.loading import get_model
from oscarapi.serializers.checkout import OrderSerializer
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAdminUser
from rest_framework.serializers import Serializer


class OrderLookup(ListAPIView):
    """The orders of an address, or the one of a number, newest first; for the staff."""

    permission_classes = [IsAdminUser]
    serializer_class = OrderSerializer

    def get_queryset(self):
        orders = get_model("order", "Order").objects.order_by("-date_placed", "-pk")
        asked = self.request.query_params
        if "email" in asked:
            orders = orders.filter(Q(user__email__iexact=asked["email"]) | Q(guest_email__iexact=asked["email"]))
        if "number" in asked:
            orders = orders.filter(number=asked["number"])
        return orders


class ProductSerializer(Serializer):
    """What a desk may say of a product, and to which others it belongs."""

    def to_representation(self, product):
        record = product.stockrecords.first()
        same = type(product).objects.filter(categories__in=product.categories.all()).exclude(pk=product.pk)
        return {
            "upc": product.upc,
            "title": product.get_title(),
            "price": str(record.price),
            "currency": record.price_currency,
            "stock": record.net_stock_level,
            "url": "https://neemandclay.example" + product.get_absolute_url(),
            "recommended_by": [other.upc for other in type(product).objects.filter(recommended_products=product)],
            "instead_of": [other.upc for other in same],
        }


class ProductLookup(ListAPIView):
    """All products that the shop shows, each with its stock; for the staff."""

    permission_classes = [IsAdminUser]
    serializer_class = ProductSerializer

    def get_queryset(self):
        return get_model("catalogue", "Product").objects.filter(is_public=True).order_by("pk")


urlpatterns = [
    path("api/lookup/orders/", OrderLookup.as_view()),
    path("api/lookup/products/", ProductLookup.as_view()),
    path("api/", include("oscarapi.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
