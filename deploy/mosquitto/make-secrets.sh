#!/bin/sh
# Makes a password for each role of the broker that has none yet, and the broker's password files. Run before every start;
# what is there stays. Each role's folder is a volume of its own, so that a container can be given one secret and no other.
#   SECRETS_DIR/<role>/password   BROKER_DIR/passwords, passwords-processor (hashed)
set -eu
umask 027
secrets=${SECRETS_DIR:-/secrets}
broker=${BROKER_DIR:-/broker}
people="orchestrator operator console notifier homeassistant sensor sink readonly"

made=
for role in $people processor; do
  [ -s "$secrets/$role/password" ] && continue
  od -An -tx1 -N24 /dev/urandom | tr -d ' \n' >"$secrets/$role/password.new"
  mv "$secrets/$role/password.new" "$secrets/$role/password"
  made="$made $role"
done

hashed() { # FILE ROLE...
  file=$1
  shift
  : >"$file.new"
  for role in "$@"; do printf '%s:%s\n' "$role" "$(cat "$secrets/$role/password")" >>"$file.new"; done
  mosquitto_passwd -U "$file.new"
  chmod 600 "$file.new"
  mv "$file.new" "$file"
}
if [ -n "$made" ] || [ ! -s "$broker/passwords" ] || [ ! -s "$broker/passwords-processor" ]; then
  # shellcheck disable=SC2086
  hashed "$broker/passwords" $people
  hashed "$broker/passwords-processor" processor
fi

# With these, `docker compose exec mosquitto mosquitto_pub -t … -m …` needs no password on the command line.
for program in mosquitto_pub mosquitto_sub mosquitto_rr; do
  printf -- '-u operator\n-P %s\n' "$(cat "$secrets/operator/password")" >"$secrets/operator/$program"
done
if [ -n "$made" ]; then echo "secrets made for:$made"; else echo 'secrets are there'; fi
