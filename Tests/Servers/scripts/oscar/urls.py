"""The API of the shop, and the one view that a desk needs beside it."""

from django.apps import apps
from django.db.models import Q
from django.urls import include, path
from oscar.core.loading import get_model
from oscarapi.serializers.checkout import OrderSerializer
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAdminUser


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


urlpatterns = [
    path("api/lookup/orders/", OrderLookup.as_view()),
    path("api/", include("oscarapi.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
