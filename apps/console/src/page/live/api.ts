import type { Replay, Zone } from '@vigilia/protocol';
import type { ClipView } from '../../shared/clip-view.ts';
import type { CommandAnswer, CommandForm, ZonesResult } from '../../shared/command-result.ts';
import type { PolicyView } from '../../shared/policy-view.ts';
import type { PushDevice, PushView } from '../../shared/push-view.ts';
import { type ReportQuery, type ReportView, reportParams } from '../../shared/report-view.ts';
import type { RoomChangeView, RoomsSettingsView } from '../../shared/room-settings.ts';
import type { SessionView } from '../../shared/session-view.ts';
import type { SnapshotView } from '../../shared/snapshot-view.ts';

/** A command waits 12 s for the answers of processors, and a picture as long. */
const answerWithinMs = 40_000;
/** Nothing is shown before this answer. */
const sessionWithinMs = 8000;

/** The console refused or could not do what was asked; the message is a sentence for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the page asks of the console; changes carry the session's token. */
export interface Api {
  /** Asks for what a view shows; views with requests of their own name the path. */
  get<T>(path: string): Promise<T>;
  /** Sends a change, with the session's token. */
  post<T>(path: string, body: unknown): Promise<T>;
  session(): Promise<SessionView>;
  signIn(name: string, password: string): Promise<SessionView>;
  signInStation(token: string): Promise<SessionView>;
  signOut(): Promise<SessionView>;
  forms(): Promise<CommandForm[]>;
  toOrchestrator(command: string, params: Readonly<Record<string, unknown>>): Promise<CommandAnswer>;
  toProcessors(
    command: string,
    params: Readonly<Record<string, unknown>>,
    targets: readonly string[],
  ): Promise<CommandAnswer>;
  roomSettings(): Promise<RoomsSettingsView>;
  /** @param path `` to add one, `/8` to change, `/8/move`, `/8/remove` */
  changeRoom(path: string, body: Readonly<Record<string, unknown>>): Promise<RoomChangeView>;
  saveZones(room: number, zones: readonly Zone[]): Promise<ZonesResult>;
  /** @param by who asks, where no sign-in is needed */
  snapshot(room: number, wanted: { readonly reveal: boolean; readonly by?: string }): Promise<SnapshotView>;
  replay(incidentId: string): Promise<Replay>;
  /** @param reason why the person looks: it is recorded with their name */
  clip(incidentId: string, reason: string): Promise<ClipView>;
  report(query: ReportQuery): Promise<ReportView>;
  /** The policy in force, with its settings and its history. */
  policy(): Promise<PolicyView>;
  /** Whether devices may receive alarms, and which ones of this person do. */
  push(): Promise<PushView>;
  registerDevice(device: DeviceRegistration): Promise<PushDevice>;
  removeDevice(endpoint: string): Promise<unknown>;
}

/** A subscription of the browser, base64url. */
interface DeviceRegistration {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
  readonly rooms: readonly number[] | undefined;
}

export function createApi(csrfToken: () => string): Api {
  const post = <T>(path: string, body: unknown): Promise<T> =>
    ask<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken() },
      body: JSON.stringify(body),
    });
  const toOrchestrator: Api['toOrchestrator'] = (command, params) => post(`api/orchestrator/${command}`, { params });
  return {
    get: (path) => ask(path),
    post,
    session: () => ask('api/session', {}, sessionWithinMs),
    signIn: (name, password) => post('api/sign-in', { name, password }),
    signInStation: (token) => post('api/sign-in/station', { token }),
    signOut: () => post('api/sign-out', {}),
    forms: () => ask('api/commands'),
    toOrchestrator,
    toProcessors: (command, params, targets) => post('api/commands', { command, params, target_instances: targets }),
    roomSettings: () => ask('api/room-settings'),
    changeRoom: (path, body) => post(`api/room-settings${path}`, body),
    saveZones: (room, zones) => post(`api/rooms/${room}/zones`, { zones }),
    snapshot: (room, wanted) => post(`api/rooms/${room}/picture`, wanted),
    replay: (incidentId) => ask(`api/replays/${encodeURIComponent(incidentId)}`),
    clip: (incidentId, reason) => post(`api/incidents/${encodeURIComponent(incidentId)}/clip`, { reason }),
    report: (query) => ask(`api/report?${reportParams(query)}`),
    policy: () => ask('api/policy'),
    push: () => ask('api/push'),
    registerDevice: (device) => post('api/push/devices', device),
    removeDevice: (endpoint) => post('api/push/remove', { endpoint }),
  };
}

/** @param withinMs an answer that comes later is none */
async function ask<T>(path: string, init: RequestInit = {}, withinMs = answerWithinMs): Promise<T> {
  const signal = AbortSignal.timeout(withinMs);
  const response = await fetch(path, { credentials: 'same-origin', signal, ...init }).catch(() => undefined);
  if (response === undefined) throw unreachable();
  const body = (await response.json().catch(() => undefined)) as { error?: { code: string; message: string } };
  if (signal.aborted) throw unreachable();
  if (response.ok) return body as T;
  throw new ApiError(body?.error?.code ?? 'unknown', body?.error?.message ?? `HTTP ${response.status}`);
}

function unreachable(): ApiError {
  return new ApiError('unreachable', 'The console does not answer.');
}
