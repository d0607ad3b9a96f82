#!/bin/sh
# The folders that volumes are made from: the broker's user owns them, the group of the services' user (1000) may read, and
# files made inside inherit that group.
set -eu
for role in orchestrator operator console notifier homeassistant sensor sink readonly processor-a processor-b processor-c processor-d \
  processor-e processor-f processor-g processor-h dedicated; do
  mkdir -p "/secrets/$role"
  chown 1883:1000 "/secrets/$role"
  chmod 2750 "/secrets/$role"
done
mkdir -p /broker
chown 1883:1883 /broker
chmod 700 /broker
chmod 755 /usr/local/bin/make-secrets
