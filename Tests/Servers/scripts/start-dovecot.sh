#!/usr/bin/env bash
# start-dovecot.sh DIRECTORY IMAP_PORT IMAPS_PORT LMTP_PORT [TOKENINFO_PORT|- [CLIENT_CERTIFICATE]]: Dovecot in the
# foreground.
#
# imap with STARTTLS, imaps, lmtp. Any user name, password "secret"; with TOKENINFO_PORT also bearer tokens, which
# http://127.0.0.1:TOKENINFO_PORT/tokeninfo?access_token=… vouches for. With any CLIENT_CERTIFICATE a login needs one: the server's own is good.
# Mail is in DIRECTORY/mail/USER/Maildir. As root it runs as nobody, else as whoever calls.
set -euo pipefail
. "$(dirname "$0")/common.sh"
directory=$1 imap=$2 imaps=$3 lmtp=$4 tokeninfo=${5:--} client=${6:-}
need dovecot dovecot-imapd
[ -x /usr/lib/dovecot/imap ] || fail "there is no IMAP in this Dovecot: Tests/run installs Debian's package dovecot-imapd"
[ -x /usr/lib/dovecot/lmtp ] || fail "there is no LMTP in this Dovecot: Tests/run installs Debian's package dovecot-lmtpd"

user=$(id -un) group=$(id -gn) drop=()
if [ "$(id -u)" = 0 ]; then
    user=nobody group=nogroup
    drop=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
mkdir -p "$directory"/{run,state,mail}
certificate "$directory"
rm -f "$directory/run/master.pid"

mechanisms="plain login"
bearer=
if [ "$tokeninfo" != - ]; then
    mechanisms="$mechanisms xoauth2 oauthbearer"
    bearer="passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $directory/oauth2.conf.ext
}"
    cat >"$directory/oauth2.conf.ext" <<CONF
tokeninfo_url = http://127.0.0.1:$tokeninfo/tokeninfo?access_token=
username_attribute = username
CONF
fi

demand=
if [ -n "$client" ]; then
    demand="ssl_ca = <$directory/cert.pem
ssl_verify_client_cert = yes
ssl_require_crl = no
auth_ssl_require_client_cert = yes"
fi

# An unprivileged process cannot chroot, hence the empty chroot lines. The penalties for wrong passwords are off:
# tests try wrong passwords.
cat >"$directory/dovecot.conf" <<CONF
base_dir = $directory/run
state_dir = $directory/state
log_path = /dev/stderr
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = $user
default_internal_group = $group
default_login_user = $user
first_valid_uid = 1
mail_max_userip_connections = 200
mail_fsync = never
auth_failure_delay = 0
ssl = yes
ssl_cert = <$directory/cert.pem
ssl_key = <$directory/key.pem
disable_plaintext_auth = no
auth_mechanisms = $mechanisms
$demand
$bearer
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=$user gid=$group home=$directory/mail/%u
}
mail_location = maildir:~/Maildir
namespace inbox {
  inbox = yes
  mailbox Drafts {
    special_use = \Drafts
    auto = create
  }
  mailbox Sent {
    special_use = \Sent
    auto = create
  }
  mailbox Archive {
    special_use = \Archive
    auto = create
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  chroot =
  service_count = 0
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $lmtp
  }
}
CONF
[ "$(id -u)" != 0 ] || chown -R "$user:$group" "$directory"
exec "${drop[@]}" dovecot -F -c "$directory/dovecot.conf"
