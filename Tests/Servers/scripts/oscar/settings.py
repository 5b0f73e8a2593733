"""Settings of the tests' shop: everything below OSCAR_FOLDER, nothing that a browser would need."""

import os

from oscar.defaults import *  # noqa: F403

FOLDER = os.environ["OSCAR_FOLDER"]
SECRET_KEY = "only for tests"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "urls"
SITE_ID = 1
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = os.path.join(FOLDER, "media")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.path.join(FOLDER, "shop.sqlite3"),
        "OPTIONS": {"timeout": 20},
    }
}

_DJANGO = ["admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "flatpages"]
# Package of the application, and the name of its configuration.
_OSCAR = {
    "analytics": "Analytics", "checkout": "Checkout", "address": "Address", "shipping": "Shipping",
    "catalogue": "Catalogue", "catalogue.reviews": "CatalogueReviews", "communication": "Communication",
    "partner": "Partner", "basket": "Basket", "payment": "Payment", "offer": "Offer", "order": "Order",
    "customer": "Customer", "search": "Search", "voucher": "Voucher", "wishlists": "Wishlists",
    "dashboard": "Dashboard", "dashboard.reports": "ReportsDashboard", "dashboard.users": "UsersDashboard",
    "dashboard.orders": "OrdersDashboard", "dashboard.catalogue": "CatalogueDashboard",
    "dashboard.offers": "OffersDashboard", "dashboard.partners": "PartnersDashboard",
    "dashboard.pages": "PagesDashboard", "dashboard.ranges": "RangesDashboard",
    "dashboard.reviews": "ReviewsDashboard", "dashboard.vouchers": "VouchersDashboard",
    "dashboard.communications": "CommunicationsDashboard", "dashboard.shipping": "ShippingDashboard",
}
INSTALLED_APPS = (
    [f"django.contrib.{name}" for name in _DJANGO]
    + ["oscar.config.Shop"]
    + [f"oscar.apps.{package}.apps.{name}Config" for package, name in _OSCAR.items()]
    + ["widget_tweaks", "haystack", "treebeard", "sorl.thumbnail", "django_tables2"]
    + ["rest_framework", "rest_framework.authtoken", "oscarapi"]
)
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
AUTHENTICATION_BACKENDS = ["oscar.apps.customer.auth_backends.EmailBackend"]
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
OSCARAPI_BLOCK_ADMIN_API_ACCESS = True
# A password is hashed for each new user of the tests only.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 2,
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": os.environ.get("OSCAR_RATE", "100000/min")},
}
