#!/usr/bin/env bash
# start-postfix.sh DIRECTORY SMTP_PORT SUBMISSION_PORT TLS_PORT [LMTP_PORT ADDRESS [DELIMITER]]: Postfix in the foreground.
# Needs root.
#
#   SMTP_PORT        STARTTLS offered, AUTH after STARTTLS
#   SUBMISSION_PORT  STARTTLS and AUTH required
#   TLS_PORT         TLS from the first byte, AUTH required
#
# User "desk", password "secret". Every recipient of every domain is delivered into the Maildir DIRECTORY/mail/all
# (Delivered-To: names the recipient); nothing leaves the machine. Recipients with these local parts are refused:
#
#   tempfail 450, permfail 550 at RCPT TO; late-tempfail 451, late-permfail 554 after the message's last dot
#
# With LMTP_PORT there is one mailbox only, ADDRESS, and its mail is handed on to that port. With DELIMITER, such as "+", mail to
# its sub-addresses is its mail as well; without, they are unknown (550 at RCPT TO).
set -euo pipefail
. "$(dirname "$0")/common.sh"
directory=$1 smtp=$2 submission=$3 tls=$4 lmtp=${5:-} address=${6:-} delimiter=${7:-}
need postfix postfix
[ -x /usr/lib/postfix/sbin/master ] || fail "there is no /usr/lib/postfix/sbin/master: Tests/run installs Debian's package postfix"
need saslpasswd2 sasl2-bin
[ "$(id -u)" = 0 ] || fail "Postfix's daemons start only as root: run the tests as root"
[ -e "$(ls /usr/lib/*/sasl2/libsasldb.so 2>/dev/null | head -1)" ] \
    || fail "the password plug-in libsasldb is missing: it is in Debian's package libsasl2-modules-db, which Tests/run installs"

# Postfix's daemons run as the user postfix, who must reach the directory.
setpriv --reuid=postfix --regid=postfix --clear-groups test -x "$directory" \
    || fail "the user postfix cannot enter $directory: its parents must be world-executable (set TMPDIR)"

mkdir -p "$directory"/{conf/sasl,data,mail,queue}
certificate "$directory"
chown postfix "$directory/data"
chown postfix:postfix "$directory/mail"

cat >"$directory/conf/sasl/smtpd.conf" <<CONF
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: $directory/conf/sasldb2
mech_list: PLAIN LOGIN
CONF
printf secret | saslpasswd2 -p -c -f "$directory/conf/sasldb2" -u desk.test desk
chown postfix "$directory/conf/sasldb2"
chmod 600 "$directory/conf/sasldb2"

rcpt='regexp:{{/^tempfail@/ 450 4.2.1 Try again later} {/^permfail@/ 550 5.1.1 No such user}}'
dot='regexp:{{/^late-tempfail@/ 451 4.3.0 Try again later} {/^late-permfail@/ 554 5.7.1 Message refused}}'
mailboxes='regexp:{{/./ all/}}' transport=virtual
if [ -n "$lmtp" ]; then
    mailboxes="inline:{$address=all/}" transport="lmtp:inet:127.0.0.1:$lmtp"
fi

cat >"$directory/conf/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $directory/queue
data_directory = $directory/data
maillog_file = /dev/stdout
maillog_file_prefixes = /dev/stdout
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/32
myhostname = mail.desk.test
mydestination =
local_recipient_maps =
relay_domains =
virtual_mailbox_domains = regexp:{{/./ ok}}
virtual_mailbox_maps = $mailboxes
virtual_transport = $transport
recipient_delimiter = $delimiter
virtual_mailbox_base = $directory/mail
virtual_uid_maps = static:$(id -u postfix)
virtual_gid_maps = static:$(id -g postfix)
virtual_minimum_uid = 1
default_transport = error:outbound mail is disabled
relay_transport = error:outbound mail is disabled
disable_dns_lookups = yes
local_header_rewrite_clients =
alias_maps =
alias_database =
message_size_limit = 52428800
mailbox_size_limit = 0
virtual_mailbox_limit = 0
smtpd_tls_security_level = may
smtpd_tls_cert_file = $directory/cert.pem
smtpd_tls_key_file = $directory/key.pem
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = desk.test
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access $rcpt
smtpd_end_of_data_restrictions = check_recipient_access $dot
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
CONF
required="-o smtpd_client_restrictions=permit_sasl_authenticated,reject"
cat >"$directory/conf/master.cf" <<CONF
127.0.0.1:$smtp inet n - n - - smtpd
127.0.0.1:$submission inet n - n - - smtpd -o smtpd_tls_security_level=encrypt $required
127.0.0.1:$tls inet n - n - - smtpd -o smtpd_tls_wrappermode=yes $required
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
showq unix n - n - - showq
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
CONF
# Postfix waits until a configuration file is two seconds old, lest it read half of one.
touch -d '1 minute ago' "$directory/conf/main.cf" "$directory/conf/master.cf"

# What `postfix check` would make, without its two seconds.
cd "$directory/queue"
mkdir -p active bounce corrupt defer deferred flush hold incoming private saved trace public maildrop pid
chown postfix active bounce corrupt defer deferred flush hold incoming private saved trace
chmod 700 active bounce corrupt defer deferred flush hold incoming private saved trace
chown postfix:postdrop public maildrop
chmod 2710 public
chmod 1730 maildrop

# `postfix start-fg` keeps a shell around the master, and that shell ignores SIGTERM.
export MAIL_CONFIG=$directory/conf
exec /usr/lib/postfix/sbin/master -c "$directory/conf" -s
