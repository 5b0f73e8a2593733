#!/usr/bin/env bash
# start-postgresql.sh DIRECTORY PORT: PostgreSQL in the foreground, made with initdb at the first start.
#
# User and database "desk", no password; a user "locked", whom a test may create, needs one. TLS with cert.pem, signed by
# itself. As root it runs as the user postgres, else as whoever calls.
set -euo pipefail
. "$(dirname "$0")/common.sh"
directory=$1 port=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] && [ -x "$bin/postgres" ] || fail "there is no PostgreSQL: it is in Debian's package postgresql, which Tests/run installs"

drop=()
if [ "$(id -u)" = 0 ]; then
    drop=(setpriv --reuid=postgres --regid=postgres --clear-groups env HOME=/var/lib/postgresql)
    chown postgres "$directory"
fi
cd "$directory"
certificate "$directory"
[ ${#drop[@]} = 0 ] || chown postgres key.pem
chmod 600 key.pem
if [ ! -e data/.complete ]; then
    rm -rf data
    "${drop[@]}" "$bin/initdb" --pgdata="$directory/data" --username=desk --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
        --no-sync >"$directory/initdb.log" 2>&1 || fail "initdb: $(tail -3 "$directory/initdb.log")"
    "${drop[@]}" "$bin/postgres" --single -D "$directory/data" postgres <<<'CREATE DATABASE desk' >>"$directory/initdb.log" 2>&1 \
        || fail "CREATE DATABASE: $(tail -3 "$directory/initdb.log")"
    sed -i '1i host all locked 127.0.0.1/32 scram-sha-256' data/pg_hba.conf
    "${drop[@]}" touch "$directory/data/.complete"
fi
# Without fsync a commit still survives the death of every process, and only that is tested here.
exec "${drop[@]}" "$bin/postgres" -D "$directory/data" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c fsync=off -c full_page_writes=off -c max_connections=300 -c logging_collector=off \
    -c ssl=on -c ssl_cert_file="$directory/cert.pem" -c ssl_key_file="$directory/key.pem"
