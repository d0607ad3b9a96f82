#!/bin/sh
# start-console: the web page with sign-in. Its first start makes a first user, whose password is put into a file that only this
# container reads; it is in no log.
set -eu
umask 077
first=$(dirname "$CONSOLE_USERS_FILE")/first-password
if [ ! -s "$CONSOLE_USERS_FILE" ]; then
  if [ ! -s "$first" ]; then
    od -An -tx1 -N12 /dev/urandom | tr -d ' \n' >"$first.new"
    mv "$first.new" "$first"
  fi
  { cat "$first" && echo; } | node apps/console/bin/console.js add-user --name admin --role administrator
  echo "The password of the first user, admin: docker compose exec console cat $first"
fi
# The profile tls has made a certificate.
if [ -s /var/lib/vigilia-tls/server.pem ]; then
  export CONSOLE_TLS_DIR=/var/lib/vigilia-tls
fi
exec node apps/console/bin/console.js
