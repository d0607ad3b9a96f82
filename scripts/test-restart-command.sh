#!/usr/bin/env bash
# Tests `restart` on a running processor: ACKs, statuses, detections before and after, ping and metrics, and that a restart
# during a restart is refused.   MQTT_HOST=localhost MQTT_PORT=1883 ROOM=0 scripts/test-restart-command.sh
# Exit code 1 when anything was missed.
set -euo pipefail
room=${ROOM:-0}
. "$(dirname "$0")/lib/mqtt-test.sh"
require_processor

echo "1. restart"
check "room $room is watched before" detections 1 "$room" "$patience"
from=$(here); send '{"command": "restart"}'
check "ACK received" ack "$from" restart received
check "status reconfiguring" status "$from" reconfiguring
check "ACK completed" ack "$from" restart completed
check "status running" status "$from" running
check "room $room is watched after" detections "$(here)" "$room" "$patience"

echo "2. a restart during a restart is refused, not queued"
from=$(here)
send '{"command": "restart", "command_id": "first"}' '{"command": "restart", "command_id": "second"}'
check "the first completes" ack "$from" restart completed "$patience" 'and .payload.command_id == "first"'
check "the second is refused: in_progress" ack "$from" restart error "$patience" 'and .payload.command_id == "second" and .payload.error.code == "in_progress"'

echo "3. ping and metrics"
from=$(here); send '{"command": "ping"}'
check "ACK completed" ack "$from" ping completed
check "status with pong, uptime, config and health" status "$from" running 15 'and .payload.pong == true and (.payload.uptime_seconds | type) == "number" and .payload.config.max_fps != null and .payload.health != null'
from=$(here); send '{"command": "metrics"}'
check "ACK completed" ack "$from" metrics completed
check "full report on its own topic" wait_for 15 "$from" ".topic | startswith(\"$prefix/control/status/metrics/\")"
summary
