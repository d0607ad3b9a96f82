import { makeAck, makeEvent, makeMetrics, makeRoomMetrics } from '../messages.ts';
import type { Random } from '../random.ts';
import { simulatedHomes } from '../sim-site.ts';
import { FPS, type Happening, homeOf, iso, message, type SimSinkState, statusMessage, topics } from './happening.ts';
import type { DayPlan } from './plan-day.ts';
import { add, type Truth } from './truth.ts';

export interface ServiceOptions {
  readonly plan: DayPlan;
  readonly random: Random;
  readonly truth: Truth;
  readonly startMs: number;
  readonly endMs: number;
  readonly bootOf: (processor: string, atMs: number) => string;
}

const MINUTE = 60_000;

/** What the services report about themselves on one day: statuses, blind rooms, metrics, failed commands, logs, the sink's own state. */
export function serviceMessages(options: ServiceOptions): Happening[] {
  return [
    ...statuses(options),
    ...blindRooms(options),
    ...metrics(options),
    ...failedCommands(options),
    ...logLines(options),
    ...sinkStates(options),
  ];
}

function statuses({ plan, truth, startMs, bootOf }: ServiceOptions): Happening[] {
  const { processor, fromMs, toMs } = plan.outage;
  const of = (instanceId: string, atMs: number, status: 'offline' | 'starting' | 'running') => {
    const streams = { rooms: simulatedHomes[instanceId] ?? [], maxFps: FPS };
    return statusMessage(atMs, { instanceId, bootId: bootOf(instanceId, atMs) }, streams, { status });
  };
  const up = Object.keys(simulatedHomes).map((id) => {
    truth.boots.set(id, (truth.boots.get(id) ?? 1) + (id === processor ? 1 : 0));
    return of(id, startMs, 'running');
  });
  const outage = [of(processor, fromMs, 'offline'), of(processor, toMs - 2000, 'starting')];
  return [...up, ...outage, of(processor, toMs - 500, 'running')];
}

function blindRooms({ plan, truth }: ServiceOptions): Happening[] {
  return plan.blind.flatMap(({ room, fromMs, toMs }) => {
    const reportedMs = fromMs + 10_000;
    const id = `blind-${room}-${fromMs}`;
    add(truth.blindMs, room, toMs - reportedMs);
    add(truth.blindTimes, room, 1);
    const event = (atMs: number, type: 'room_blind' | 'room_seen', event_id: string) =>
      makeEvent({ instanceId: homeOf(room), at: iso(atMs) }, type, room, { event_id, trace_id: id });
    const blind = { ...event(reportedMs, 'room_blind', id), severity: 'warning', reason: 'no_frames' };
    const seen = event(toMs, 'room_seen', `${id}-seen`);
    return [message(reportedMs, topics.event('room_blind'), blind), message(toMs, topics.event('room_seen'), seen)];
  });
}

function metrics({ plan, random, truth, startMs, endMs, bootOf }: ServiceOptions): Happening[] {
  const happenings: Happening[] = [];
  for (const [id, rooms] of Object.entries(simulatedHomes)) {
    const skipped = new Map<number, number>();
    let life = '';
    for (let atMs = startMs + 30_000; atMs < endMs; atMs += MINUTE) {
      if (plan.outage.processor === id && atMs >= plan.outage.fromMs && atMs < plan.outage.toMs) continue;
      const boot_id = bootOf(id, atMs);
      if (boot_id !== life) {
        skipped.clear();
      } else {
        for (const room of rooms) {
          if (random.next() < 0.05) {
            count(skipped, truth, room);
          }
        }
      }
      life = boot_id;
      const numbers = {
        inference_time_ms: random.integer(80, 130),
        memory_mb: random.integer(200, 260),
        cpu_percent: random.integer(20, 60),
      };
      countReport(truth, id, numbers);
      const perRoom = rooms.map((room) => makeRoomMetrics(room, { skipped: skipped.get(room) ?? 0 }));
      const sender = { instanceId: id, bootId: boot_id, at: iso(atMs) };
      happenings.push(message(atMs, topics.metrics(id), makeMetrics(sender, { ...numbers, rooms: perRoom })));
    }
  }
  return happenings;
}

function countReport(
  truth: Truth,
  id: string,
  numbers: { inference_time_ms: number; memory_mb: number; cpu_percent: number },
): void {
  const before = truth.reports.get(id) ?? { count: 0, inferenceSumMs: 0, cpuSumPercent: 0, memoryMaxMb: 0 };
  truth.reports.set(id, {
    count: before.count + 1,
    inferenceSumMs: before.inferenceSumMs + numbers.inference_time_ms,
    cpuSumPercent: before.cpuSumPercent + numbers.cpu_percent,
    memoryMaxMb: Math.max(before.memoryMaxMb, numbers.memory_mb),
  });
}

function count(skipped: Map<number, number>, truth: Truth, room: number): void {
  add(skipped, room, 1);
  add(truth.skipped, room, 1);
}

function failedCommands({ plan, truth }: ServiceOptions): Happening[] {
  return plan.failedCommands.flatMap(({ atMs, code }, n) => {
    add(truth.errors, code, 1);
    const command_id = `wrong-${atMs}-${n}`;
    const command = { command: 'change_model', params: { model_id: 'missing' }, command_id };
    const ack = (afterMs: number, change: Parameters<typeof makeAck>[2]) =>
      message(
        atMs + afterMs,
        topics.ack('processor-a'),
        makeAck({ instanceId: 'processor-a', at: iso(atMs + afterMs) }, command, change),
      );
    return [
      message(atMs, topics.commands, command),
      ack(3, { ack_status: 'received' }),
      ack(9, { ack_status: 'error', message: 'It failed.', error: { code } }),
    ];
  });
}

function logLines({ plan, truth, startMs, endMs }: ServiceOptions): Happening[] {
  const line = (atMs: number, level: string, event: string): Happening => {
    add(truth.logLines, level.toLowerCase(), 1);
    const text = JSON.stringify({
      level,
      timestamp: iso(atMs),
      logger: 'vigilia.processor',
      instance_id: 'processor-a',
      event,
      message: event,
    });
    return {
      atMs,
      kind: 'log',
      line: { text, origin: { kind: 'container', name: 'vigilia-processor-a', id: 'c1' }, place: [iso(atMs), '0'] },
    };
  };
  const regular = Array.from({ length: Math.floor((endMs - startMs) / (5 * MINUTE)) }, (_, n) =>
    line(startMs + n * 5 * MINUTE + 7, 'INFO', 'stream_measured'),
  );
  return [...regular, ...plan.errorLines.map((atMs) => line(atMs, 'ERROR', 'model_host_crashed'))];
}

function sinkStates({ plan, random, truth, startMs, endMs }: ServiceOptions): Happening[] {
  const happenings: Happening[] = [];
  for (let atMs = startMs + 15_000; atMs < endMs; atMs += MINUTE) {
    const isLate = Math.abs(atMs - plan.lag.atMs) < 5 * MINUTE;
    const lag_seconds = isLate ? plan.lag.seconds - random.integer(1, 9) / 10 : random.integer(0, 20) / 10;
    truth.maxLagSeconds = Math.max(truth.maxLagSeconds, lag_seconds);
    truth.deadLetters = Math.max(truth.deadLetters, isLate ? 3 : 0);
    const state: SimSinkState = {
      spool_bytes: isLate ? 4_000_000 : 20_000,
      spool_used_percent: isLate ? 0.4 : 0,
      pending_records: isLate ? 9000 : 12,
      lag_seconds,
      dead_letters: isLate ? 3 : 0,
      dropped_records: 0,
    };
    happenings.push({ atMs, kind: 'sink', state });
  }
  return happenings;
}
