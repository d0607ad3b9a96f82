# Shared by scripts/test-*.sh: talks to a running processor as people do, with mosquitto_pub and mosquitto_sub.
# Settings (environment): MQTT_HOST localhost, MQTT_PORT 1883, MQTT_USERNAME, MQTT_PASSWORD, TOPIC_PREFIX nvr, INSTANCE (default: any),
# PATIENCE 45 (seconds that an answer may take).

host=${MQTT_HOST:-localhost} port=${MQTT_PORT:-1883} prefix=${TOPIC_PREFIX:-nvr} patience=${PATIENCE:-45}
credentials=()
[ -n "${MQTT_USERNAME:-}" ] && credentials=(-u "$MQTT_USERNAME" -P "${MQTT_PASSWORD:-}")
passed=0 failed=0

for tool in mosquitto_pub mosquitto_sub jq; do
  command -v "$tool" >/dev/null || { echo "$0: $tool is missing; install it (Debian: apt-get install mosquitto-clients jq)." >&2; exit 2; }
done

log=$(mktemp)
mosquitto_sub -h "$host" -p "$port" "${credentials[@]}" -t "$prefix/#" -F '%t %r %p' >"$log.raw" 2>"$log.err" &
listener=$!
finish() { kill "$listener" 2>/dev/null || true; wait "$listener" 2>/dev/null || true; rm -f "$log" "$log.raw" "$log.err"; }
trap finish EXIT

# All messages from line $1 on, as one JSON object per line: {topic, payload}. Payloads that are not JSON are left out.
messages() { tail -n "+$1" "$log.raw" | jq -cR 'capture("^(?<topic>[^ ]+) (?<retain>[01]) (?<payload>.*)$") | .payload = ((.payload | fromjson)? // null) | select(.payload != null)' 2>/dev/null; }
here() { echo $(($(wc -l <"$log.raw") + 1)); }

# wait_for SECONDS FROM JQ-CONDITION: true when a message from line FROM on meets the condition.
wait_for() {
  local end=$((SECONDS + $1)) from=$2 condition=$3
  while [ "$SECONDS" -le "$end" ]; do
    if messages "$from" | jq -e -n "[inputs | select($condition)] | length > 0" >/dev/null 2>&1; then return 0; fi
    kill -0 "$listener" 2>/dev/null || { echo "mosquitto_sub ended: $(cat "$log.err")" >&2; return 1; }
    sleep 0.2
  done
  return 1
}

# send COMMAND...: over one connection, so that nothing comes between them
send() { printf '%s\n' "$@" | mosquitto_pub -h "$host" -p "$port" "${credentials[@]}" -t "$prefix/control/commands" -l; }

# check NAME COMMAND...: one line a check
check() {
  local name=$1; shift
  if "$@"; then passed=$((passed + 1)); echo "  ok    $name"; else failed=$((failed + 1)); echo "  FAIL  $name"; last_answer; fi
}

# The last messages of the processor, to explain a failure.
last_answer() { messages 1 | jq -c "select(.topic == \"$prefix/control/status/ack\") | .payload" | tail -n 1 | sed 's/^/        last answer: /'; }

mine() { [ -n "${INSTANCE:-}" ] && echo "and .payload.instance_id == \"$INSTANCE\"" || echo ''; }

# ack FROM COMMAND STATUS [SECONDS] [more conditions]: on the shared topic, as people watch it
ack() { wait_for "${4:-$patience}" "$1" ".topic == \"$prefix/control/status/ack\" and .payload.command == \"$2\" and .payload.ack_status == \"$3\" $(mine) ${5:-}"; }
status() { wait_for "${3:-$patience}" "$1" ".topic == \"$prefix/control/status\" and .payload.status == \"$2\" $(mine) ${4:-}"; }
detections() { wait_for "${3:-$patience}" "$1" ".topic == \"$prefix/detections/$2\" ${4:-}"; }

# The processor must be there before anything is asked of it.
require_processor() {
  if ! wait_for "$patience" 1 "(.topic | startswith(\"$prefix/control/status/\")) and .payload.status == \"running\""; then
    echo "$0: no running processor announces itself on $host:$port under $prefix/control/status; start one with --enable-control." >&2
    exit 1
  fi
}

# The room must not be there yet: the test adds and removes it.
require_free_room() {
  if messages 1 | jq -e -n "[inputs | select(.topic | startswith(\"$prefix/control/status/\")) | .payload.streams[]?.source_id] | any(. == $1)" >/dev/null; then
    echo "$0: room $1 is watched already; name one that is not: NEW_ROOM=8." >&2
    exit 1
  fi
}

summary() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
