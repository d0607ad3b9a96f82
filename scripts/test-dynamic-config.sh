#!/usr/bin/env bash
# Six tests of a running processor: change model, set fps, add stream, remove stream, invalid model, missing parameter.
#   MQTT_HOST=localhost MQTT_PORT=1883 MODEL=yolov11x-640 MODEL_BEFORE=yolov11s-640 ROOM=0 NEW_ROOM=8 scripts/test-dynamic-config.sh
# MODEL and MODEL_BEFORE must be in its MODELS_DIR; ROOM must be watched, NEW_ROOM must not. The processor is left as it was
# but for its model (MODEL_BEFORE) and rate (RATE_BEFORE). Exit code 1 when anything was missed.
set -euo pipefail
model=${MODEL:-yolov11x-640} model_before=${MODEL_BEFORE:-yolov11s-640} room=${ROOM:-0} new_room=${NEW_ROOM:-8} rate_before=${RATE_BEFORE:-0.1}
. "$(dirname "$0")/lib/mqtt-test.sh"
require_processor
require_free_room "$new_room"

# accepted FROM COMMAND: received → completed, reconfiguring → running
accepted() {
  check "ACK received" ack "$1" "$2" received
  check "status reconfiguring" status "$1" reconfiguring
  check "ACK completed" ack "$1" "$2" completed
  check "status running again" status "$1" running
}

# refused FROM COMMAND CODE: received or not, then error with its code
refused() {
  check "ACK error $3" ack "$1" "$2" error "$patience" "and .payload.error.code == \"$3\""
  check "the room is watched on" detections "$(here)" "$room" "$patience"
}

echo "1. change_model: $model_before → $model"
from=$(here); send "{\"command\": \"change_model\", \"params\": {\"model_id\": \"$model_before\"}}"; check "ACK completed ($model_before)" ack "$from" change_model completed
from=$(here); send "{\"command\": \"change_model\", \"params\": {\"model_id\": \"$model\"}}"
accepted "$from" change_model
check "detections of room $room come from $model" detections "$from" "$room" "$patience" "and .payload.model_id == \"$model\""

echo "2. set_fps: 0.1 → 1.0"
from=$(here); send '{"command": "set_fps", "params": {"max_fps": 0.1}}'; check "ACK completed (0.1)" ack "$from" set_fps completed
from=$(here); send '{"command": "set_fps", "params": {"max_fps": 1.0}}'
accepted "$from" set_fps
check "status shows the rate" status "$from" running "$patience" "and .payload.config.max_fps == 1"
from=$(here); check "a result within five seconds" detections "$from" "$room" 5
two=$(here); check "and another" detections "$two" "$room" 5

echo "3. add_stream: room $new_room"
from=$(here); send "{\"command\": \"add_stream\", \"params\": {\"source_id\": $new_room}}"
accepted "$from" add_stream
check "detections of room $new_room" detections "$from" "$new_room"
from=$(here); send "{\"command\": \"add_stream\", \"params\": {\"source_id\": $new_room}}"
check "a second time: Stream $new_room already exists" ack "$from" add_stream error "$patience" "and .payload.message == \"Stream $new_room already exists\" and .payload.error.code == \"stream_exists\""

echo "4. remove_stream: room $new_room"
from=$(here); send "{\"command\": \"remove_stream\", \"params\": {\"source_id\": $new_room}}"
accepted "$from" remove_stream
after=$(here); check "no more detections of room $new_room" eval "! detections $after $new_room 5"

echo "5. invalid model"
from=$(here); send '{"command": "change_model", "params": {"model_id": "no-such-model"}}'
refused "$from" change_model model_not_found
check "status reconfiguring → error → running" eval "status $from error && status $from running"

echo "6. missing parameter"
from=$(here); send '{"command": "change_model", "params": {}}'
refused "$from" change_model invalid_params
check "it names the parameter" ack "$from" change_model error 5 'and .payload.message == "Missing required parameter: model_id"'

from=$(here); send "{\"command\": \"change_model\", \"params\": {\"model_id\": \"$model_before\"}}"; ack "$from" change_model completed || true
from=$(here); send "{\"command\": \"set_fps\", \"params\": {\"max_fps\": $rate_before}}"; ack "$from" set_fps completed || true
summary
