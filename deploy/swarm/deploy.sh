#!/bin/sh
# deploy.sh: starts all services on a swarm, or updates them; to be run on a manager, in a clone, with the images built
# (`docker compose build`) and, for more than one node, pushed to VIGILIA_REGISTRY (`registry.example/`). What .env.example names
# may be set in the environment. `docker stack rm vigilia` takes everything away but volumes and secrets.
set -eu
cd "$(dirname "$0")/../.."
version=${VIGILIA_VERSION:-0.1.0}
[ "$(docker info --format '{{.Swarm.ControlAvailable}}')" = true ] || {
  echo 'deploy.sh: this machine is no manager of a swarm. Begin one with `docker swarm init`.' >&2
  exit 1
}
[ -n "$(docker node ls -q --filter node.label=io.vigilia.broker=true)" ] || {
  echo 'deploy.sh: no node is to keep the broker'\''s memory. `docker node update --label-add io.vigilia.broker=true NODE` names one.' >&2
  exit 1
}

# Passwords, once, made by the same program as in compose and known to the swarm only: the copies go at once.
make_secrets() (
  work=$(mktemp -d)
  maker=
  trap 'rm -rf "$work"; [ -z "$maker" ] || docker rm -f "$maker" >/dev/null' EXIT
  maker=$(docker create --network none "${VIGILIA_REGISTRY:-}vigilia-secrets:$version")
  docker start -a "$maker"
  docker cp "$maker:/secrets" "$work/"
  docker cp "$maker:/broker" "$work/"
  # Those of an interrupted run, or of a version with other users. The last one that is made marks that all exist.
  docker secret ls -q --filter name=vigilia-secret- | xargs -r docker secret rm >/dev/null
  for role in orchestrator processor-a processor-b dedicated sink console notifier homeassistant operator sensor readonly; do
    docker secret create "vigilia-secret-$role" "$work/secrets/$role/password" >/dev/null
  done
  docker secret create vigilia-secret-operator-client "$work/secrets/operator/mosquitto_pub" >/dev/null
  docker secret create vigilia-secret-broker-passwords-processor "$work/broker/passwords-processor" >/dev/null
  docker secret create vigilia-secret-broker-passwords "$work/broker/passwords" >/dev/null
)
if ! docker secret inspect vigilia-secret-broker-passwords vigilia-secret-dedicated >/dev/null 2>&1; then make_secrets; fi

MEDIA=$(realpath "${MEDIA:-demo/rooms}")
GO2RTC_CONFIG=$(realpath "${GO2RTC_CONFIG:-go2rtc}")
POLICY=$(realpath "${POLICY:-demo/demo.yaml}")
CONFIG_VERSION=$(cat deploy/mosquitto/*.conf deploy/mosquitto/*.acl "$GO2RTC_CONFIG/go2rtc.yaml" "$POLICY" \
  deploy/docker-proxy/haproxy.cfg deploy/docker-proxy/create-body.regex deploy/swarm/docker-proxy/* | sha256sum | cut -c1-12)
export MEDIA GO2RTC_CONFIG POLICY CONFIG_VERSION

# Sign-in through OIDC: files of this machine, which become configurations and secrets of the swarm.
set -- --compose-file deploy/swarm/stack.yml
if [ -n "${OIDC_ISSUER:-}" ]; then
  : "${OIDC_GROUPS_FILE:?OIDC_ISSUER needs OIDC_GROUPS_FILE: which group gives which role (deploy/oidc/groups.example.yaml)}"
  : "${OIDC_CLIENT_SECRET_FILE:?OIDC_ISSUER needs OIDC_CLIENT_SECRET_FILE: a file with the secret of the client}"
  OIDC_GROUPS_FILE=$(realpath "$OIDC_GROUPS_FILE")
  OIDC_CLIENT_SECRET_FILE=$(realpath "$OIDC_CLIENT_SECRET_FILE")
  set -- "$@" --compose-file deploy/swarm/oidc.yml
  if [ -n "${OIDC_CA_FILE:-}" ]; then
    OIDC_CA_FILE=$(realpath "$OIDC_CA_FILE")
    set -- "$@" --compose-file deploy/swarm/oidc-authority.yml
  fi
  OIDC_VERSION=$(cat "$OIDC_GROUPS_FILE" "$OIDC_CLIENT_SECRET_FILE" ${OIDC_CA_FILE:+"$OIDC_CA_FILE"} | sha256sum | cut -c1-12)
  export OIDC_GROUPS_FILE OIDC_CLIENT_SECRET_FILE OIDC_CA_FILE OIDC_VERSION
fi
if [ -n "${VIGILIA_REGISTRY:-}" ]; then resolve=always; else resolve=never; fi
exec docker stack deploy --with-registry-auth --resolve-image "$resolve" "$@" vigilia
