import { z } from 'zod';
import { ackSchema } from '../ack.ts';
import { alarmFiguresSchema } from '../alarm-figures.ts';
import { alertStateSchema } from '../alerts.ts';
import { clipFrameSchema, clipRequestSchema } from '../clips.ts';
import { commandEnvelopeSchema, commandMessageSchemas, orchestratorEnvelopeSchema } from '../command-message.ts';
import { desiredRoomsSchema } from '../desired-rooms.ts';
import { detectionsSchema } from '../detections.ts';
import { eventSchema } from '../events.ts';
import { fallReportSchema } from '../fall-report.ts';
import { recordSchema } from '../fields.ts';
import { incidentSchema } from '../incidents.ts';
import { metricsReportSchema, metricsSchema } from '../metrics.ts';
import { modelStateSchema } from '../models.ts';
import { onMyWayAnswerSchema, onMyWayRequestSchema } from '../on-my-way.ts';
import {
  leaderPresenceSchema,
  orchestratorMarkerSchema,
  orchestratorMessageSchemas,
  orchestratorStatusSchema,
} from '../orchestrator-messages.ts';
import { retainedPolicySchema } from '../policy-history.ts';
import { pushSettingsSchema, pushSubscriptionSchema } from '../push.ts';
import { recordsStateSchema } from '../records-state.ts';
import { replaySchema } from '../replays.ts';
import { observers } from '../roles.ts';
import { roomStateSchema } from '../rooms.ts';
import { serviceReportSchema } from '../service-reports.ts';
import { snapshotSchema } from '../snapshots.ts';
import { statusSchema } from '../status.ts';
import { channel } from './channel.ts';

const kib = 1024;
/** Detections and commands are small; what lists every room of a site is not. */
const listMaxBytes = 512 * kib;

/** Verdicts that a button can give. */
const buttonOutcomes = ['helped', 'false_alarm', 'no_help_needed'] as const;

const ofInstance = { instance_id: 'instance_id' } as const;
const ofRoom = { source_id: 'source_id' } as const;

/**
 * Every kind of MQTT message. Topics, the broker's access rules, the AsyncAPI document, and what services subscribe to and publish
 * are derived from this table; no other file writes a topic down.
 */
export const channels = {
  commands: channel({
    name: 'commands',
    pattern: '{prefix}/control/commands',
    summary: 'Commands to processors; never retained.',
    schema: commandEnvelopeSchema,
    variants: commandMessageSchemas,
    maxBytes: 256 * kib,
    writers: ['orchestrator', 'operator', 'console'],
    readers: ['processor', ...observers],
  }),
  status: channel({
    name: 'status',
    redacted: true,
    pattern: '{prefix}/control/status/{instance_id}',
    summary: 'A processor; its last will is `offline`.',
    schema: statusSchema,
    retain: true,
    delivery: 'answer',
    maxBytes: 900 * kib,
    agrees: ofInstance,
    // the orchestrator clears the statuses of dedicated processors that it stopped
    writers: ['processor', 'orchestrator'],
    readers: ['processor', ...observers],
  }),
  statusShared: channel({
    name: 'statusShared',
    redacted: true,
    pattern: '{prefix}/control/status',
    summary: 'The latest status of any processor, for programs that subscribe to a single topic.',
    schema: statusSchema,
    retain: true,
    delivery: 'answer',
    maxBytes: 900 * kib,
    writers: ['processor'],
    readers: observers,
  }),
  ack: channel({
    name: 'ack',
    redacted: true,
    pattern: '{prefix}/control/status/{instance_id}/ack',
    summary: 'Answers of a processor to commands.',
    schema: ackSchema,
    delivery: 'answer',
    agrees: ofInstance,
    writers: ['processor'],
    readers: observers,
  }),
  ackShared: channel({
    name: 'ackShared',
    redacted: true,
    pattern: '{prefix}/control/status/ack',
    summary: 'Answers of all processors, for programs that subscribe to a single topic.',
    schema: ackSchema,
    delivery: 'answer',
    writers: ['processor'],
    readers: observers,
  }),
  replies: channel({
    name: 'replies',
    redacted: true,
    pattern: '{prefix}/replies/{requester}',
    summary: 'Answers to a command that named this response topic (MQTT 5). The place may hold several levels.',
    schema: ackSchema,
    delivery: 'answer',
    writers: ['processor', 'orchestrator'],
    readers: observers,
  }),
  metricsReport: channel({
    name: 'metricsReport',
    redacted: true,
    pattern: '{prefix}/control/status/metrics/{instance_id}',
    summary: 'Full report of a processor after the command `metrics`.',
    schema: metricsReportSchema,
    delivery: 'answer',
    maxBytes: listMaxBytes,
    agrees: ofInstance,
    writers: ['processor'],
    readers: observers,
  }),
  metrics: channel({
    name: 'metrics',
    pattern: '{prefix}/status/metrics/{instance_id}',
    summary: 'Light report of a processor, also its heartbeat.',
    schema: metricsSchema,
    qos: 0,
    retain: true,
    maxBytes: listMaxBytes,
    agrees: ofInstance,
    writers: ['processor', 'orchestrator'],
    readers: observers,
  }),
  serviceReport: channel({
    name: 'serviceReport',
    redacted: true,
    pattern: '{prefix}/services/{instance_id}',
    summary:
      'What a service knows of itself, every ten seconds: version, clock, disks, the latest warnings and errors of its log.',
    schema: serviceReportSchema,
    qos: 0,
    agrees: ofInstance,
    writers: ['processor', 'orchestrator', 'console', 'notifier', 'sink'],
    readers: observers,
  }),
  model: channel({
    name: 'model',
    pattern: '{prefix}/models/{model_id}',
    summary:
      'The SHA-256 of a model as it was last loaded, so that a file that was replaced under the same id is noticed.',
    schema: modelStateSchema,
    retain: true,
    delivery: 'answer',
    agrees: { model_id: 'model_id' },
    writers: ['processor'],
    readers: ['processor', ...observers],
  }),
  detections: channel({
    name: 'detections',
    pattern: '{prefix}/detections/{source_id}',
    summary: 'One message per analysed frame, also without detections.',
    schema: detectionsSchema,
    qos: 0,
    maxBytes: 256 * kib,
    agrees: ofRoom,
    writers: ['processor'],
    readers: observers,
  }),
  room: channel({
    name: 'room',
    pattern: '{prefix}/rooms/{source_id}',
    summary: 'The state that moves with a room from one processor to the next.',
    schema: roomStateSchema,
    retain: true,
    agrees: ofRoom,
    // the orchestrator brings the states along to another broker
    writers: ['processor', 'orchestrator'],
    readers: ['processor', ...observers],
  }),
  event: channel({
    name: 'event',
    redacted: true,
    pattern: '{prefix}/events/{type}',
    summary: 'Something happened: falls, rooms that cannot be seen, hand-overs, incidents.',
    schema: eventSchema,
    agrees: { type: 'event' },
    // which role may write which type: see `eventWriters`
    writers: ['processor', 'orchestrator', 'notifier', 'console'],
    readers: observers,
  }),
  fallReport: channel({
    name: 'fallReport',
    pattern: '{prefix}/events/fall_detected',
    summary: 'A fall as any sensor may report it: the number of the room is enough.',
    schema: fallReportSchema,
    maxBytes: kib * kib,
    // whatever else a sensor sends must not cost a fall its identity
    maxEntries: kib * kib,
    writers: ['processor', 'operator', 'sensor'],
    readers: observers,
  }),
  fallSuspicion: channel({
    name: 'fallSuspicion',
    pattern: '{prefix}/events/fall_suspected',
    summary: 'A suspected fall; opens an incident only where the policy asks for it.',
    schema: fallReportSchema,
    maxBytes: kib * kib,
    // whatever else a sensor sends must not cost a fall its identity
    maxEntries: kib * kib,
    writers: ['processor'],
    readers: observers,
  }),
  incident: channel({
    name: 'incident',
    redacted: true,
    pattern: '{prefix}/incidents/{incident_id}',
    summary: 'An incident, until 24 h after it was closed.',
    schema: incidentSchema,
    retain: true,
    maxBytes: 256 * kib,
    agrees: { incident_id: 'incident_id' },
    writers: ['orchestrator'],
    readers: ['processor', ...observers],
  }),
  alert: channel({
    name: 'alert',
    redacted: true,
    pattern: '{prefix}/alerts/{incident_id}',
    summary: 'Who was notified of an incident and who reacted, as long as the incident itself.',
    schema: alertStateSchema,
    retain: true,
    maxBytes: 256 * kib,
    agrees: { incident_id: 'incident_id' },
    writers: ['notifier'],
    readers: observers,
  }),
  orchestratorRooms: channel({
    name: 'orchestratorRooms',
    pattern: '{prefix}/orchestrator/rooms',
    summary: 'Desired state: which home monitors which room when there is no incident.',
    schema: desiredRoomsSchema,
    retain: true,
    maxBytes: 900 * kib,
    writers: ['orchestrator'],
    readers: observers,
  }),
  orchestratorPolicy: channel({
    name: 'orchestratorPolicy',
    pattern: '{prefix}/orchestrator/policy',
    summary: 'The policy set with `set_policy`, with its last changes.',
    schema: retainedPolicySchema,
    retain: true,
    maxBytes: 900 * kib,
    writers: ['orchestrator'],
    readers: observers,
  }),
  alarmFigures: channel({
    name: 'alarmFigures',
    pattern: '{prefix}/orchestrator/alarm-figures',
    summary: 'The alarms of the last weeks with their verdicts, and how long rooms were watched.',
    schema: alarmFiguresSchema,
    retain: true,
    maxBytes: 900 * kib,
    writers: ['orchestrator'],
    readers: observers,
  }),
  orchestratorCommands: channel({
    name: 'orchestratorCommands',
    pattern: '{prefix}/orchestrator/commands',
    summary: 'Commands to the orchestrator; never retained.',
    schema: orchestratorEnvelopeSchema,
    variants: orchestratorMessageSchemas,
    maxBytes: 900 * kib,
    // the orchestrator asks whether another one acts before it acts
    writers: ['orchestrator', 'operator', 'console', 'notifier'],
    readers: observers,
  }),
  orchestratorStatus: channel({
    name: 'orchestratorStatus',
    redacted: true,
    pattern: '{prefix}/orchestrator/status',
    summary: 'The orchestrator; its last will is `offline`.',
    schema: orchestratorStatusSchema,
    retain: true,
    maxBytes: listMaxBytes,
    writers: ['orchestrator'],
    readers: ['processor', ...observers],
  }),
  orchestratorAck: channel({
    name: 'orchestratorAck',
    redacted: true,
    pattern: '{prefix}/orchestrator/status/ack',
    summary: 'Answers of the orchestrator to commands.',
    schema: ackSchema,
    delivery: 'answer',
    // a policy with its history
    maxBytes: 900 * kib,
    writers: ['orchestrator'],
    readers: observers,
  }),
  orchestratorMarker: channel({
    name: 'orchestratorMarker',
    pattern: '{prefix}/orchestrator/marker/{boot_id}',
    summary: 'An orchestrator’s note to itself: when it returns, every retained message before it has arrived.',
    schema: orchestratorMarkerSchema,
    writers: ['orchestrator'],
    readers: ['orchestrator'],
  }),
  leaderPresence: channel({
    name: 'leaderPresence',
    pattern: '{prefix}-leader',
    summary:
      'Twice a second where there are several brokers: the orchestrator is at this one, and the other services join it. Outside the prefix, so that no subscription to everything receives it.',
    schema: leaderPresenceSchema,
    qos: 0,
    maxBytes: kib,
    writers: ['orchestrator'],
    readers: ['processor', ...observers],
  }),
  recordsState: channel({
    name: 'recordsState',
    pattern: '{prefix}/records/{instance_id}',
    summary: 'An event sink: where it writes records, and how long they are kept.',
    schema: recordsStateSchema,
    retain: true,
    delivery: 'answer',
    agrees: ofInstance,
    writers: ['sink'],
    readers: observers,
  }),
  snapshot: channel({
    name: 'snapshot',
    pattern: '{prefix}-pictures/{source_id}',
    summary:
      'One snapshot after the command `snapshot`, where the policy allows it. Outside the prefix, so that no subscription to everything receives it.',
    schema: snapshotSchema,
    qos: 0,
    maxBytes: kib * kib,
    agrees: ofRoom,
    writers: ['processor'],
    readers: ['console'],
  }),
  replay: channel({
    name: 'replay',
    pattern: '{prefix}-replays/{incident_id}',
    summary:
      'Stick figures, boxes and zones of the seconds around a fall, for as long as the policy allows. Outside the prefix, so that no subscription to everything receives it.',
    schema: replaySchema,
    retain: true,
    maxBytes: 32 * kib,
    agrees: { incident_id: 'incident_id' },
    // the orchestrator clears what the policy does not keep any longer
    writers: ['processor', 'orchestrator'],
    readers: ['processor', 'orchestrator', 'console', 'notifier'],
  }),
  clipRequest: channel({
    name: 'clipRequest',
    pattern: '{prefix}-clips/requests',
    summary: 'The console asks the processors for the clip of an incident, on behalf of a person with the right to it.',
    schema: clipRequestSchema,
    delivery: 'answer',
    maxBytes: 4 * kib,
    writers: ['console'],
    readers: ['processor'],
  }),
  clipFrame: channel({
    name: 'clipFrame',
    pattern: '{prefix}-clips/frames/{instance_id}',
    summary:
      'A frame of the seconds around a fall, where the policy allows clips, encrypted for the console that asked. Outside the prefix, so that no subscription to everything receives it.',
    schema: clipFrameSchema,
    delivery: 'answer',
    maxBytes: 256 * kib,
    agrees: ofInstance,
    writers: ['processor'],
    readers: ['console'],
  }),
  pushSettings: channel({
    name: 'pushSettings',
    pattern: '{prefix}-push/settings',
    summary: 'The VAPID public key of the notifier and the push services that it sends to.',
    schema: pushSettingsSchema,
    retain: true,
    writers: ['notifier'],
    readers: ['console', 'notifier'],
  }),
  pushSubscription: channel({
    name: 'pushSubscription',
    pattern: '{prefix}-push/subscriptions/{subscription_id}',
    summary:
      'A device that receives alarms by Web Push. Outside the prefix, so that no subscription to everything receives its address.',
    schema: pushSubscriptionSchema,
    retain: true,
    agrees: { subscription_id: 'subscription_id' },
    // the notifier removes devices that their push service no longer knows
    writers: ['console', 'notifier'],
    readers: ['console', 'notifier'],
  }),
  onMyWayRequest: channel({
    name: 'onMyWayRequest',
    pattern: '{prefix}-on-my-way/requests',
    summary:
      'A person confirmed the link of a message. Outside the prefix, so that no subscription to everything receives its token.',
    schema: onMyWayRequestSchema,
    delivery: 'answer',
    maxBytes: 4 * kib,
    writers: ['console'],
    readers: ['notifier'],
  }),
  onMyWayAnswer: channel({
    name: 'onMyWayAnswer',
    pattern: '{prefix}-on-my-way/answers',
    summary: 'What became of the link of a message.',
    schema: onMyWayAnswerSchema,
    delivery: 'answer',
    maxBytes: 4 * kib,
    writers: ['notifier'],
    readers: ['console'],
  }),
  homeAssistantConfig: channel({
    name: 'homeAssistantConfig',
    pattern: '{discovery}/device/{device_id}/config',
    summary: 'Discovery of a room or processor by Home Assistant.',
    schema: recordSchema(z.unknown()),
    retain: true,
    writers: ['notifier'],
    readers: ['notifier', 'homeassistant'],
  }),
  homeAssistantBirth: channel({
    name: 'homeAssistantBirth',
    pattern: '{discovery}/status',
    summary: '`online` when Home Assistant has started, `offline` when it has ended.',
    schema: z.string().max(64),
    encoding: 'text',
    writers: ['homeassistant'],
    readers: ['notifier', 'homeassistant'],
  }),
  homeAssistantAvailability: channel({
    name: 'homeAssistantAvailability',
    pattern: '{prefix}/home-assistant/availability',
    summary:
      '`offline` while the notifier does not run: no alerts are sent, and nothing shown in Home Assistant is current.',
    schema: z.enum(['online', 'offline']),
    encoding: 'text',
    retain: true,
    writers: ['notifier'],
    readers: ['homeassistant', ...observers],
  }),
  homeAssistantRoom: channel({
    name: 'homeAssistantRoom',
    pattern: '{prefix}/home-assistant/rooms/{source_id}',
    summary: 'State of a room for Home Assistant.',
    schema: recordSchema(z.unknown()),
    retain: true,
    writers: ['notifier'],
    readers: ['homeassistant', ...observers],
  }),
  homeAssistantAttributes: channel({
    name: 'homeAssistantAttributes',
    pattern: '{prefix}/home-assistant/rooms/{source_id}/attributes',
    summary: 'What is known of the incident of a room, for the attributes of its entities in Home Assistant.',
    schema: recordSchema(z.unknown()),
    retain: true,
    writers: ['notifier'],
    readers: ['homeassistant', ...observers],
  }),
  homeAssistantPicture: channel({
    name: 'homeAssistantPicture',
    pattern: '{prefix}-replays/home-assistant/{source_id}',
    summary:
      'The picture of the last fall of an open incident as stick figures, PNG in base64, for its image entity in Home Assistant.',
    schema: z.base64().max(64 * kib),
    encoding: 'text',
    retain: true,
    maxBytes: 64 * kib,
    writers: ['notifier'],
    readers: ['notifier', 'homeassistant'],
  }),
  homeAssistantProcessor: channel({
    name: 'homeAssistantProcessor',
    pattern: '{prefix}/home-assistant/processors/{instance_id}',
    summary: 'State of a processor for Home Assistant.',
    schema: recordSchema(z.unknown()),
    retain: true,
    writers: ['notifier'],
    readers: ['homeassistant', ...observers],
  }),
  homeAssistantAcknowledge: channel({
    name: 'homeAssistantAcknowledge',
    pattern: '{prefix}/home-assistant/rooms/{source_id}/acknowledge',
    summary: 'A pressed button of Home Assistant: the incident of the room is acknowledged.',
    schema: z.literal('PRESS'),
    encoding: 'text',
    writers: ['homeassistant', 'notifier'],
    readers: ['notifier', 'homeassistant', ...observers.filter((role) => role !== 'notifier')],
  }),
  homeAssistantResolve: channel({
    name: 'homeAssistantResolve',
    pattern: '{prefix}/home-assistant/rooms/{source_id}/resolve',
    summary: 'A pressed button of Home Assistant: the verdict on the incident of the room.',
    schema: z.enum(buttonOutcomes),
    encoding: 'text',
    writers: ['homeassistant', 'notifier'],
    readers: ['notifier', 'homeassistant', ...observers.filter((role) => role !== 'notifier')],
  }),
  homeAssistantDrill: channel({
    name: 'homeAssistantDrill',
    pattern: '{prefix}/home-assistant/rooms/{source_id}/drill',
    summary: 'A pressed button of Home Assistant: a drill with alerts begins in the room.',
    schema: z.literal('PRESS'),
    encoding: 'text',
    writers: ['homeassistant', 'notifier'],
    readers: ['notifier', 'homeassistant', ...observers.filter((role) => role !== 'notifier')],
  }),
  homeAssistantEvent: channel({
    name: 'homeAssistantEvent',
    pattern: '{prefix}/home-assistant/rooms/{source_id}/event',
    summary: 'Something happened in a room, for its event entity in Home Assistant.',
    schema: recordSchema(z.unknown()),
    writers: ['notifier'],
    readers: ['homeassistant', ...observers],
  }),
} as const;

export type Channels = typeof channels;
export type ChannelName = keyof Channels;
/** Any channel of the table. */
export type KnownChannel = Channels[ChannelName];
