#!/usr/bin/env bash
# start-oscar.sh DIRECTORY PORT RATE: a django-oscar shop with django-oscar-api and a SQLite database in the foreground, at
# http://127.0.0.1:PORT. RATE is how many requests a user may make, such as 1000/min: one more gets 429 with Retry-After.
#
# The Python packages go into a virtual environment, and the shop with its orders into a template, both made by the first
# start on a machine (a minute, from PyPI) in AURADESK_TEST_CACHE, else in TMPDIR.
# DIRECTORY/token is the token of the staff's user: `Authorization: Token …`.
set -euo pipefail
. "$(dirname "$0")/common.sh"
directory=$1 port=$2 rate=$3
here=$(cd "$(dirname "$0")" && pwd)
need python3 python3
python3 -c 'import ensurepip, venv' 2>/dev/null || fail "python3 has no venv: Tests/run installs Debian's package python3-venv"
umask 077
packages=('django-oscar[sorl-thumbnail]==4.2.1' 'django-oscar-api==3.3.0' 'waitress==3.0.2')

version=$(cat "$0" "$here"/oscar/*.py | sha256sum | cut -c1-16)
template=${AURADESK_TEST_CACHE:-${TMPDIR:-/tmp}}/auradesk-oscar-$(id -u)-$version
shop() {
    PYTHONPATH=$here/oscar PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=settings OSCAR_FOLDER=$1 OSCAR_RATE=$rate \
        "$template/python/bin/python" -W ignore "$here/oscar/shop.py" "${@:2}"
}
exec 9>>"$template.lock"
flock 9
[ ! -e "$template" ] || [ -O "$template" ] || fail "$template belongs to somebody else"
if [ ! -e "$template/done" ]; then
    # A virtual environment does not work at another place than it was made for: it is marked when it is done.
    rm -rf -- "$template"
    mkdir -m 700 "$template" "$template/shop"
    python3 -m venv "$template/python"
    "$template/python/bin/pip" -q --disable-pip-version-check install "${packages[@]}" >"$template/pip.log" 2>&1 \
        || fail "pip: $(tail -3 "$template/pip.log")"
    shop "$template/shop" create >"$template/create.log" 2>&1 || fail "the shop: $(tail -5 "$template/create.log")"
    touch "$template/done"
fi
exec 9>&-
[ -e "$directory/shop.sqlite3" ] || cp "$template/shop/shop.sqlite3" "$template/shop/token" "$directory/"
PYTHONPATH=$here/oscar PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=settings OSCAR_FOLDER=$directory \
    OSCAR_RATE=$rate exec "$template/python/bin/python" -W ignore "$here/oscar/shop.py" serve "$port"
