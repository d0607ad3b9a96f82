#!/usr/bin/env bash
# record-site.sh CLONE FOLDER: runs the services of a clone for half a minute and keeps what they leave behind in FOLDER: the files of
# each service, and the messages that the broker retains. The clone needs node_modules; nothing of it is built. Needs mosquitto, curl.
set -euo pipefail
clone=$1 out=$(realpath -m "$2") models=$(realpath "${MODELS_DIR:-.cache/vigilia/models}")
port=${PORT:-18833} page=${PAGE_PORT:-18834}
mkdir -p "$out"/{processor,orchestrator,console,notifier,event-sink}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
vigilia() { (cd "$clone" && exec node --conditions=@vigilia/source --import ./packages/testing/typescript-loader.mjs apps/cli/src/main.ts "$@"); }
service() { (cd "$clone" && exec node --conditions=@vigilia/source --import ./packages/testing/typescript-loader.mjs "apps/$1/src/main.ts" "${@:2}") >"$work/$1.log" 2>&1 & pids+=($!); }

printf 'listener %s 127.0.0.1\nallow_anonymous true\n' "$port" >"$work/mosquitto.conf"
mosquitto -c "$work/mosquitto.conf" >"$work/mosquitto.log" 2>&1 & pids+=($!)
export PAGER_SECRET; PAGER_SECRET=$(head -c 18 /dev/urandom | base64)
export MQTT_URL=mqtt://127.0.0.1:$port
cat >"$work/policy.yaml" <<'POLICY'
quiet: { model_id: movenet, max_fps: 0.1 }
incident: { model_id: movenet-precise, max_fps: 1 }
rooms:
  "0":
    home: processor-a
    name: Room 0
    zones:
      - { kind: bed, points: [[0.4, 0.5], [0.6, 0.4], [0.5, 0.3], [0.3, 0.5]] }
  "1": { home: processor-a, name: Room 1 }
POLICY
cat >"$work/alerts.yaml" <<'ALERTS'
targets:
  pager: { type: webhook, url: "http://127.0.0.1:9/alert", secret_env: PAGER_SECRET }
rules:
  - { severity: critical, to: [pager] }
  - { severity: info, to: [pager] }
ALERTS
password="a password of the test"
echo "$password" | vigilia console add-user --name ana --role operator --users-file "$out/console/users.json" || echo "$password" | vigilia console add-user --name ana --users-file "$out/console/users.json"
service processor --instance-id processor-a --streams 0,1 --enable-control --stream-server "file://$clone/demo/rooms/{source_id}.mp4" --media-dir "$clone/demo/rooms" --models-dir "$models" --state-dir "$out/processor"
service orchestrator --policy "$work/policy.yaml" --data-dir "$out/orchestrator"
service notifier --alerts "$work/alerts.yaml" --state-dir "$out/notifier"
service event-sink --elasticsearch-url http://127.0.0.1:9 --spool-dir "$out/event-sink/spool"
service console --users-file "$out/console/users.json" --port "$page"
sleep 12
vigilia send set_fps --param max_fps=0.2 --to processor-a --wait || true
vigilia drill 1 --by ana --with-alerts || true
curl -sS -o /dev/null -w 'sign-in: %{http_code}\n' -H 'content-type: application/json' -H "origin: http://127.0.0.1:$page" -d "{\"name\":\"ana\",\"password\":\"$password\"}" "http://127.0.0.1:$page/api/sign-in" || true
sleep 15
mosquitto_sub -p "$port" -t 'nvr/#' --retained-only -W 3 -F '%t %p' >"$out/retained.txt" || true
kill -TERM "${pids[@]:1}" || true
sleep 4
cp "$work"/*.log "${LOGS:-$work}" 2>/dev/null || true
