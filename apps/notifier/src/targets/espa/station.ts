import { control, type EspaBlock, type EspaToken, enquiry } from './block.ts';

/** Who this station is on the line. */
export interface StationSettings {
  /** `control`: this station decides who may send. `station`: the nurse-call system polls it. */
  readonly role: 'control' | 'station';
  readonly address: string;
  readonly peer: string;
  /** How long an answer is waited for, ms. */
  readonly replyTimeoutMs: number;
  /** How often a block is sent, or the other station selected, before it counts as failed. */
  readonly attempts: number;
}

/**
 * `idle`: the line is free. `other_polled`: another station may send now, perhaps to this one. `passive`: two other stations
 * talk. `selecting`, `sending`: this station has the line. `receiving`: this station was selected. `polling`: the other station
 * was asked whether it has something to send. `pausing`: between two transactions.
 */
type Phase = 'idle' | 'other_polled' | 'passive' | 'selecting' | 'sending' | 'receiving' | 'polling' | 'pausing';

export interface StationState {
  readonly phase: Phase;
  /** The block to send. */
  readonly outgoing: Uint8Array | undefined;
  /** Selections and transmissions of that block so far. */
  readonly tries: number;
}

export type StationInput =
  | { readonly kind: 'token'; readonly token: EspaToken }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  /** The block to send is not wanted any more. */
  | { readonly kind: 'withdraw' }
  /** As the control station, asks the other one whether it has something to send: also a sign of life. */
  | { readonly kind: 'poll' };

export type FailureReason = 'no_answer' | 'busy' | 'rejected' | 'damaged';

export type StationEffect =
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  /** Replaces the timer; undefined ends it. */
  | { readonly kind: 'wait'; readonly ms: number | undefined }
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly reason: FailureReason }
  | { readonly kind: 'received'; readonly block: EspaBlock };

export interface StationStep {
  readonly state: StationState;
  readonly effects: readonly StationEffect[];
}

export const freshStation: StationState = { phase: 'idle', outgoing: undefined, tries: 0 };

/** Silence between two transactions, ms: some stations discard what follows an EOT at once. */
const pauseMs = 500;

const end = write(Uint8Array.of(control.eot));
const accept = write(Uint8Array.of(control.ack));
/** Reason 1: the block did not arrive intact. */
const askAgain = write(Uint8Array.of(0x31, control.nak));

/**
 * Returns what a station does next; pure. Source: ESPA 4.4.4 (November 1984), section 3: a poll follows an EOT, the polled
 * station becomes temporary master and selects another one, sends its blocks and ends with EOT.
 */
export function stepStation(settings: StationSettings, state: StationState, input: StationInput): StationStep {
  switch (input.kind) {
    case 'send':
      return rest(settings, { phase: state.phase, outgoing: input.bytes, tries: 0 });
    case 'withdraw':
      return withdraw(settings, state);
    case 'poll':
      if (settings.role !== 'control' || state.phase !== 'idle') return { state, effects: [] };
      return go({ ...state, phase: 'polling' }, settings, write(enquiry(settings.peer)));
    case 'timeout':
      return timedOut(settings, state);
    case 'token':
      return received(settings, state, input.token);
  }
}

function received(settings: StationSettings, state: StationState, token: EspaToken): StationStep {
  switch (state.phase) {
    case 'idle':
    case 'pausing':
      return onFreeLine(settings, state, token);
    case 'other_polled':
      return onOtherPolled(settings, state, token);
    case 'passive':
      return token.kind === 'end' ? rest(settings, { ...state, phase: 'idle' }) : go(state, settings);
    case 'polling':
      if (token.kind === 'end') return pause(settings, state);
      return onOtherPolled(settings, state, token);
    case 'receiving':
      return onReceiving(settings, state, token);
    case 'selecting':
      return onSelecting(settings, state, token);
    case 'sending':
      return onSending(settings, state, token);
  }
}

/** An enquiry on a free line is a poll. */
function onFreeLine(settings: StationSettings, state: StationState, token: EspaToken): StationStep {
  if (token.kind !== 'enquiry') return { state, effects: [] };
  if (token.address !== settings.address) return go({ ...state, phase: 'other_polled' }, settings);
  if (state.outgoing !== undefined) return select(settings, state, write(enquiry(settings.peer)));
  return { state: { ...state, phase: 'idle' }, effects: [end, { kind: 'wait', ms: undefined }] };
}

/** An enquiry after another station was polled is a selection. */
function onOtherPolled(settings: StationSettings, state: StationState, token: EspaToken): StationStep {
  if (token.kind === 'end') return rest(settings, { ...state, phase: 'idle' });
  if (token.kind !== 'enquiry') return { state, effects: [] };
  if (token.address !== settings.address) return go({ ...state, phase: 'passive' }, settings);
  return go({ ...state, phase: 'receiving' }, settings, accept);
}

function onReceiving(settings: StationSettings, state: StationState, token: EspaToken): StationStep {
  switch (token.kind) {
    case 'block':
      return go(state, settings, { kind: 'received', block: token.block }, accept);
    case 'damaged':
      return go(state, settings, askAgain);
    case 'enquiry':
      return token.address === settings.address ? go(state, settings, accept) : { state, effects: [] };
    case 'end':
      return rest(settings, { ...state, phase: 'idle' });
    default:
      return { state, effects: [] };
  }
}

function onSelecting(settings: StationSettings, state: StationState, token: EspaToken): StationStep {
  if (token.kind === 'ack' && state.outgoing !== undefined) {
    return go({ ...state, phase: 'sending' }, settings, write(state.outgoing));
  }
  if (token.kind === 'nak') return tryLater(settings, state, 'busy');
  if (token.kind === 'end') return tryLater(settings, state, 'no_answer');
  const polledAgain = token.kind === 'enquiry' && token.address === settings.address && settings.role === 'station';
  return polledAgain ? onFreeLine(settings, { ...state, phase: 'idle' }, token) : { state, effects: [] };
}

function onSending(settings: StationSettings, state: StationState, token: EspaToken): StationStep {
  if (token.kind === 'ack') {
    const { state: next, effects } = pause(settings, { ...freshStation, phase: 'sending' });
    return { state: next, effects: [{ kind: 'sent' }, end, ...effects] };
  }
  if (token.kind === 'end') return tryLater(settings, state, 'no_answer');
  if (token.kind !== 'nak') return { state, effects: [] };
  if (token.reason === '2') return tryLater(settings, state, 'busy');
  // Reason 3: the block is not understood; it would not be understood the next time either.
  return token.reason === '3' ? fail(settings, 'rejected') : sendAgain(settings, state, 'damaged');
}

function timedOut(settings: StationSettings, state: StationState): StationStep {
  switch (state.phase) {
    case 'selecting':
      return tryLater(settings, state, 'no_answer');
    case 'sending':
      return sendAgain(settings, state, 'no_answer');
    case 'polling': {
      const { state: next, effects } = pause(settings, state);
      return { state: next, effects: [end, ...effects] };
    }
    default:
      return rest(settings, { ...state, phase: 'idle' });
  }
}

/** The line is free: the control station sends what waits, another one waits until it is polled. */
function rest(settings: StationSettings, state: StationState): StationStep {
  if (state.phase !== 'idle') return { state, effects: [] };
  if (state.outgoing === undefined || settings.role === 'station') {
    return { state, effects: [{ kind: 'wait', ms: undefined }] };
  }
  // The control station polls itself, and so becomes the temporary master.
  const both = [...enquiry(settings.address), ...enquiry(settings.peer)];
  return select(settings, state, write(Uint8Array.from(both)));
}

function select(settings: StationSettings, state: StationState, effect: StationEffect): StationStep {
  return go({ ...state, phase: 'selecting', tries: state.tries + 1 }, settings, effect);
}

/** Gives the line back and keeps the block for the next selection, unless it was tried often enough. */
function tryLater(settings: StationSettings, state: StationState, reason: FailureReason): StationStep {
  if (state.tries >= settings.attempts) return fail(settings, reason);
  const { state: next, effects } = pause(settings, state);
  return { state: next, effects: [end, ...effects] };
}

function sendAgain(settings: StationSettings, state: StationState, reason: FailureReason): StationStep {
  if (state.tries >= settings.attempts || state.outgoing === undefined) return fail(settings, reason);
  return go({ ...state, tries: state.tries + 1 }, settings, write(state.outgoing));
}

function fail(settings: StationSettings, reason: FailureReason): StationStep {
  const { state, effects } = pause(settings, freshStation);
  return { state, effects: [{ kind: 'failed', reason }, end, ...effects] };
}

function withdraw(settings: StationSettings, state: StationState): StationStep {
  const busy = state.phase === 'selecting' || state.phase === 'sending';
  if (!busy) return { state: { ...state, outgoing: undefined, tries: 0 }, effects: [] };
  const { state: next, effects } = pause(settings, freshStation);
  return { state: next, effects: [end, ...effects] };
}

/** Only the control station pauses: another one is free to answer the next poll. */
function pause({ role }: StationSettings, state: StationState): StationStep {
  if (role === 'station') return { state: { ...state, phase: 'idle' }, effects: [{ kind: 'wait', ms: undefined }] };
  return { state: { ...state, phase: 'pausing' }, effects: [{ kind: 'wait', ms: pauseMs }] };
}

function go(state: StationState, { replyTimeoutMs }: StationSettings, ...effects: StationEffect[]): StationStep {
  return { state, effects: [...effects, { kind: 'wait', ms: replyTimeoutMs }] };
}

function write(bytes: Uint8Array): StationEffect {
  return { kind: 'write', bytes };
}
