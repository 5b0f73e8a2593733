#!/usr/bin/env bash
# start-rt.sh DIRECTORY PORT WORKERS: Request Tracker 5 with a SQLite database in the foreground, at
# http://127.0.0.1:PORT, without any web server, daemon or file of the installed package's own.
#
# The database is a copy of a template, which the first start on a machine makes (some seconds), in
# AURADESK_TEST_CACHE, else in TMPDIR.
# DIRECTORY/token is the REST token of the user auradesk, DIRECTORY/token-root the one of root; root's password is
# "password". Outgoing mail is in DIRECTORY/outbox, one .eml file a message.
set -euo pipefail
. "$(dirname "$0")/common.sh"
directory=$1 port=$2 workers=$3
here=$(cd "$(dirname "$0")" && pwd)
server=/usr/share/request-tracker5/libexec/rt-server
[ -x "$server" ] || fail "there is no Request Tracker: Tests/run installs Debian's packages request-tracker5 and rt5-standalone"
need rt-setup-database-5 request-tracker5
packages=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' request-tracker5 rt5-db-sqlite rt5-standalone 2>/dev/null || true)
[ "$(grep -c '^installed ' <<<"$packages")" = 3 ] \
    || fail "Debian's packages rt5-db-sqlite and rt5-standalone are not both there: Tests/run installs them"
umask 022

# configure DIRECTORY: everything that the package would have below /etc and /var.
configure() {
    mkdir -p "$1"/{etc/conf.d,var/data,mason,sessions,outbox}
    cat >"$1/etc/RT_SiteConfig.pm" <<CONF
\$RT::VarPath = '$1/var';
\$RT::MasonDataDir = '$1/mason';
\$RT::MasonSessionDir = '$1/sessions';
Set(\$rtname, 'rt.test');
Set(\$Organization, 'rt.test');
Set(\$CorrespondAddress, 'support\@neemandclay.example');
Set(\$CommentAddress, 'support-comment\@neemandclay.example');
Set(\$Timezone, 'UTC');
Set(\$WebDomain, '127.0.0.1');
Set(\$WebPort, $port);
Set(\$WebPath, '');
Set(\$DatabaseType, 'SQLite');
Set(\$DatabaseName, '$1/var/rt5.sqlite');
Set(\$DatabaseUser, '');
Set(\$DatabasePassword, '');
Set(\$LogToSyslog, undef);
Set(\$LogToSTDERR, 'warning');
Set(\$MailCommand, 'sendmailpipe');
Set(\$SendmailPath, '$1/etc/sendmail');
Set(\$SendmailArguments, '-oi -t');
# Every request checks a password hash: the usual cost of 12 would take a third of a second each time.
Set(\$BcryptCost, 4);
Set(\$HTMLFormatter, 'core');
Set(%FullTextSearch, Enable => 1, Indexed => 0);
Set(%GnuPG, Enable => 0);
Set(%SMIME, Enable => 0);
1;
CONF
    cat >"$1/etc/sendmail" <<MAIL
#!/bin/sh
name=\$(date +%Y%m%dT%H%M%S.%N)-\$\$
cat >"$1/outbox/.\$name" && mv "$1/outbox/.\$name" "$1/outbox/\$name.eml"
MAIL
    chmod 755 "$1/etc/sendmail"
    export RT_SITE_CONFIG=$1/etc/RT_SiteConfig.pm RT_SITE_CONFIG_DIR=$1/etc/conf.d
}

# rt_database ACTION…: RT's own tool; its last words if it fails.
rt_database() {
    rt-setup-database-5 --skip-create "$@" </dev/null >"$building/setup.log" 2>&1 || fail "rt-setup-database-5: $(tail -15 "$building/setup.log")"
}

# REST cannot make tokens.
rt_token() {
    perl -I/usr/local/share/request-tracker5/lib -I/usr/share/request-tracker5/lib -e '
        use RT; RT::LoadConfig(); RT::Init();
        my $root = RT::CurrentUser->new(RT->SystemUser); $root->Load("root");
        my $owner = RT::User->new(RT->SystemUser); $owner->Load($ARGV[0]);
        my $token = RT::AuthToken->new($root);
        my ($id, $message, $text) = $token->Create(Owner => $owner->Id, Description => "tests");
        die "$message\n" unless $id;
        print "$text\n"' "$1"
}

version=$(cat "$0" "$here/rt-fixtures.pl" - <<<"$packages" | sha256sum | cut -c1-16)
template=${AURADESK_TEST_CACHE:-${TMPDIR:-/tmp}}/auradesk-rt-$(id -u)-$version
if [ ! -e "$directory/var/rt5.sqlite" ]; then
    exec 9>>"$template.lock"
    flock 9
    [ ! -e "$template" ] || [ -O "$template" ] || fail "$template belongs to somebody else"
    if [ ! -e "$template" ]; then
        building=$template.building
        rm -rf -- "$building"
        mkdir -m 700 "$building"
        configure "$building"
        (umask 077 && echo password >"$building/root-password")
        rt_database --action init --root-password-file "$building/root-password"
        rt_database --action insert --datafile "$here/rt-fixtures.pl"
        rt_token auradesk >"$building/token"
        rt_token root >"$building/token-root"
        mv "$building" "$template"
    fi
    exec 9>&-
    mkdir -p "$directory/var"
    cp "$template/token" "$template/token-root" "$directory/"
    cp "$template/var/rt5.sqlite" "$directory/var/rt5.sqlite"
fi
configure "$directory"
exec "$server" --server Starlet --env deployment --host 127.0.0.1 --port "$port" --max-workers "$workers"
