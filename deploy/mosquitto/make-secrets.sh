#!/bin/sh
# Makes a password for each role and home that has none yet, and the broker's password files. Run before every start;
# existing passwords stay. Each folder is a volume of its own, so that a container can be given one secret and no other.
#   SECRETS_DIR/<role or home>/password   BROKER_DIR/passwords, passwords-processor (hashed)
# HOMES: the instance ids of the homes, "processor-a processor-b" when not set.
set -eu
umask 027
secrets=${SECRETS_DIR:-/secrets}
broker=${BROKER_DIR:-/broker}
people="orchestrator operator console notifier homeassistant sensor sink readonly"
homes=${HOMES:-processor-a processor-b}
# Dedicated processors of one home, and standbys, that the broker admits at the same time.
dedicated_numbers="1 2 3 4 5 6 7 8"

made=
for role in $people $homes dedicated; do
  [ -s "$secrets/$role/password" ] && continue
  od -An -tx1 -N24 /dev/urandom | tr -d ' \n' >"$secrets/$role/password.new"
  mv "$secrets/$role/password.new" "$secrets/$role/password"
  made="$made $role"
done

add_user() { printf '%s:%s\n' "$1" "$(cat "$secrets/$2/password")" >>"$file.new"; } # NAME ROLE

begin() { # FILE
  file=$1
  : >"$file.new"
}

finish() {
  mosquitto_passwd -U "$file.new"
  chmod 600 "$file.new"
  mv "$file.new" "$file"
}

# Hashes are salted, so what is unchanged is found by the names: a home more or less makes the file anew.
processors=
for home in $homes; do
  processors="$processors $home"
  for n in $dedicated_numbers; do processors="$processors ${home}_$n"; done
done
for n in $dedicated_numbers; do processors="$processors standby_$n"; done
names() { tr '\n' ' ' <"$1" | sed 's/:[^ ]*//g; s/ *$//'; }

if [ -n "$made" ] || [ ! -s "$broker/passwords" ] || [ ! -s "$broker/passwords-processor" ] ||
  [ "$(names "$broker/passwords-processor")" != "${processors# }" ]; then
  begin "$broker/passwords"
  for role in $people; do add_user "$role" "$role"; done
  finish
  begin "$broker/passwords-processor"
  for name in $processors; do
    case " $homes " in
      *" $name "*) add_user "$name" "$name" ;;
      *) add_user "$name" dedicated ;;
    esac
  done
  finish
fi

# With these, `docker compose exec mosquitto mosquitto_pub -t … -m …` needs no password on the command line.
for program in mosquitto_pub mosquitto_sub mosquitto_rr; do
  printf -- '-u operator\n-P %s\n' "$(cat "$secrets/operator/password")" >"$secrets/operator/$program"
done
if [ -n "$made" ]; then echo "secrets made for:$made"; else echo 'secrets are there'; fi
