#!/usr/bin/env bash
# supervise.sh SIGNAL GRACE DIRECTORY COMMAND [ARGUMENT...]: runs a server and makes sure that it ends.
#
# Standard input is a pipe whose other end only the test process holds. The line "stop" on it ends the server with
# SIGNAL, and after GRACE milliseconds with SIGKILL. The end of input without that line means that the test process
# died: then the scratch directory goes too.
# The server gets a session of its own; whatever is left in it after the server's end is killed.
# The server's pid is in DIRECTORY/server.pid. Exit code: 0 when told to stop, else the server's own.
set -u
signal=$1 grace=$2 directory=$3
shift 3
for fd in /proc/self/fd/*; do
    fd=${fd##*/}
    [ "$fd" -le 2 ] || [ "$fd" = 255 ] || eval "exec $fd>&-"
done
exec 3<&0 </dev/null

PATH=$PATH:/usr/sbin:/sbin
setsid "$@" 3<&- &
server=$!
echo "$server" >"$directory/server.pid"
{ IFS= read -r word <&3 && [ "$word" = stop ]; } &
owner=$!
trap 'told=1' TERM
trap '' INT HUP
told=
wait -n "$server" "$owner"

code=0
if kill -0 "$server" 2>/dev/null; then
    kill -s "$signal" "$server"
    for ((waited = 0; waited < grace; waited += 20)); do
        kill -0 "$server" 2>/dev/null || break
        sleep 0.02
    done
else
    wait "$server"
    code=$?
fi
kill -s KILL -- "-$server" 2>/dev/null

# The owner's death is the end of its pipe. Where the server went first, the answer may still be to come.
if [ "$code" = 0 ] && [ -z "$told" ] && ! wait "$owner"; then
    [ ! -e "$directory/.auradesk-scratch" ] || rm -rf -- "$directory"
else
    kill "$owner" 2>/dev/null
fi
exit "$code"
