# Sourced by the start scripts. They install nothing, write only below the directory that they are given, listen only
# on 127.0.0.1 at the ports that they are given, and end in `exec`, so that their pid is the server's.

fail() {
    echo "${0##*/}: $*" >&2
    exit 69
}

# need COMMAND PACKAGE: says what to install where a program is missing.
need() {
    [ -x "$1" ] || command -v "$1" >/dev/null || fail "$1 is missing: it is in Debian's package $2, which Tests/run installs"
}

# certificate DIRECTORY: cert.pem and key.pem for localhost, signed by itself, so the certificate is also the CA file.
certificate() {
    [ ! -s "$1/cert.pem" ] || return 0
    need openssl openssl
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$1/key.pem" -out "$1/cert.pem" 2>"$1/openssl.log" \
        || fail "openssl made no certificate: $(tail -1 "$1/openssl.log")"
}
