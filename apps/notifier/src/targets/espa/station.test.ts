import fc from 'fast-check';
import { type EspaBlock, type EspaToken, encodeBlock, readTokens } from './block.ts';
import { freshStation, type StationEffect, type StationInput, type StationSettings, stepStation } from './station.ts';

const common = { replyTimeoutMs: 2000, attempts: 3 };
const control: StationSettings = { ...common, role: 'control', address: '1', peer: '2' };
const station: StationSettings = { ...common, role: 'station', address: '2', peer: '1' };
const block: EspaBlock = { header: '1', records: [['1', '101']] };
const bytes = encodeBlock(block);

/** A station and everything that it did, as text: `write 1<ENQ>2<ENQ>`, `wait 2000`, `sent`. */
function drive(settings: StationSettings) {
  let state = freshStation;
  return (input: StationInput): string[] => {
    const step = stepStation(settings, state, input);
    state = step.state;
    return step.effects.filter(({ kind }) => kind !== 'wait').map(show);
  };
}
const names: Readonly<Record<number, string>> = { 4: '<EOT>', 5: '<ENQ>', 6: '<ACK>', 21: '<NAK>' };
function show(effect: StationEffect): string {
  if (effect.kind === 'failed') return `failed: ${effect.reason}`;
  if (effect.kind !== 'write') return effect.kind;
  if (effect.bytes[0] === 1) return 'write block';
  return `write ${[...effect.bytes].map((byte) => names[byte] ?? String.fromCharCode(byte)).join('')}`;
}
const token = (one: EspaToken): StationInput => ({ kind: 'token', token: one });
const ack = token({ kind: 'ack' });
const end = token({ kind: 'end' });
const nak = (reason: string) => token({ kind: 'nak', reason });
const enquiry = (address: string) => token({ kind: 'enquiry', address });
const send: StationInput = { kind: 'send', bytes };
const timeout: StationInput = { kind: 'timeout' };

type Story = readonly (readonly [StationInput, readonly string[]])[];
const stories: readonly (readonly [string, StationSettings, Story])[] = [
  [
    'the control station selects, sends and ends',
    control,
    [
      [send, ['write 1<ENQ>2<ENQ>']],
      [ack, ['write block']],
      [ack, ['sent', 'write <EOT>']],
      [end, []],
      [timeout, []],
    ],
  ],
  [
    'a polled station answers EOT, or selects when it has a call',
    station,
    [
      [enquiry('2'), ['write <EOT>']],
      [send, []],
      [enquiry('2'), ['write 1<ENQ>']],
      [ack, ['write block']],
      [ack, ['sent', 'write <EOT>']],
      [enquiry('2'), ['write <EOT>']],
    ],
  ],
  [
    'a selected station takes blocks until the end',
    station,
    [
      [enquiry('1'), []],
      [enquiry('2'), ['write <ACK>']],
      [token({ kind: 'damaged' }), ['write 1<NAK>']],
      [token({ kind: 'block', block }), ['received', 'write <ACK>']],
      [end, []],
      [enquiry('2'), ['write <EOT>']],
    ],
  ],
  [
    'stations that talk to each other are left alone until they end',
    station,
    [
      [send, []],
      [enquiry('1'), []],
      [enquiry('3'), []],
      [enquiry('2'), []],
      [token({ kind: 'block', block }), []],
      [end, []],
      [enquiry('2'), ['write 1<ENQ>']],
    ],
  ],
  [
    'the control station polls and takes the status that the other one has',
    control,
    [
      [{ kind: 'poll' }, ['write 2<ENQ>']],
      [enquiry('1'), ['write <ACK>']],
      [token({ kind: 'block', block }), ['received', 'write <ACK>']],
      [end, []],
    ],
  ],
  [
    'a call waits until a poll is over, and silence ends the poll',
    control,
    [
      [{ kind: 'poll' }, ['write 2<ENQ>']],
      [send, []],
      [timeout, ['write <EOT>']],
      [timeout, ['write 1<ENQ>2<ENQ>']],
    ],
  ],
  [
    'silence is answered with two more attempts',
    control,
    [
      [send, ['write 1<ENQ>2<ENQ>']],
      [timeout, ['write <EOT>']],
      [timeout, ['write 1<ENQ>2<ENQ>']],
      [timeout, ['write <EOT>']],
      [timeout, ['write 1<ENQ>2<ENQ>']],
      [timeout, ['failed: no_answer', 'write <EOT>']],
    ],
  ],
  [
    'a block that did not arrive intact is sent again at once',
    control,
    [
      [send, ['write 1<ENQ>2<ENQ>']],
      [ack, ['write block']],
      [nak('1'), ['write block']],
      [nak(''), ['write block']],
      [nak('1'), ['failed: damaged', 'write <EOT>']],
    ],
  ],
  [
    'a block that is not understood is not repeated',
    control,
    [
      [send, ['write 1<ENQ>2<ENQ>']],
      [ack, ['write block']],
      [nak('3'), ['failed: rejected', 'write <EOT>']],
    ],
  ],
  [
    'a busy station is selected again later',
    control,
    [
      [send, ['write 1<ENQ>2<ENQ>']],
      [nak('2'), ['write <EOT>']],
      [timeout, ['write 1<ENQ>2<ENQ>']],
      [ack, ['write block']],
      [nak('2'), ['write <EOT>']],
      [timeout, ['write 1<ENQ>2<ENQ>']],
      [nak('2'), ['failed: busy', 'write <EOT>']],
    ],
  ],
  [
    'a call that is withdrawn gives the line back',
    control,
    [
      [send, ['write 1<ENQ>2<ENQ>']],
      [{ kind: 'withdraw' }, ['write <EOT>']],
      [ack, []],
      [timeout, []],
    ],
  ],
];
test.each(stories)('the station gives the answers that ESPA 4.4.4 demands: %s', (_, settings, story) => {
  const step = drive(settings);
  for (const [input, effects] of story) {
    expect(step(input)).toEqual(effects);
  }
});

/** What the line does with one transmission. */
type Fate = 'arrives' | 'is lost' | 'is damaged';
const fates: fc.Arbitrary<Fate[]> = fc.array(
  fc.constantFrom<Fate>('arrives', 'arrives', 'arrives', 'is lost', 'is damaged'),
  { maxLength: 30 },
);

/** A control station and a polled one on a bad line, in simulated time; the line is good when the listed faults are used up. */
class BadLine {
  readonly outcomes: string[] = [];
  readonly arrived: EspaBlock[] = [];
  readonly #fates: Fate[];
  readonly #sides = [control, station].map((settings) => ({ settings, state: freshStation, dueMs: Infinity }));
  #nowMs = 0;

  constructor(list: readonly Fate[]) {
    this.#fates = [...list];
  }

  step(side: 0 | 1, input: StationInput): void {
    const one = this.#sides[side];
    if (one === undefined) return;
    const { state, effects } = stepStation(one.settings, one.state, input);
    one.state = state;
    for (const effect of effects) {
      if (effect.kind === 'wait') {
        one.dueMs = effect.ms === undefined ? Infinity : this.#nowMs + effect.ms;
      } else if (effect.kind === 'received') {
        this.arrived.push(effect.block);
      } else if (effect.kind === 'write') {
        this.#carry(side === 0 ? 1 : 0, effect.bytes);
      } else {
        this.outcomes.push(effect.kind);
      }
    }
  }

  /** Lets time pass until all timers have run; the control station polls when its line is idle. */
  run(seconds: number): void {
    for (const endMs = this.#nowMs + seconds * 1000; this.#nowMs < endMs; this.#nowMs += 100) {
      this.#sides.forEach((one, side) => {
        if (one.dueMs > this.#nowMs) return;
        one.dueMs = Infinity;
        this.step(side as 0 | 1, { kind: 'timeout' });
      });
      if (this.#nowMs % 1000 === 0) {
        this.step(0, { kind: 'poll' });
      }
    }
  }

  #carry(to: 0 | 1, sent: Uint8Array): void {
    const fate = this.#fates.shift() ?? 'arrives';
    if (fate === 'is lost') return;
    const got = fate === 'arrives' ? sent : sent.map((byte, at) => (at === sent.length - 1 ? byte ^ 0x40 : byte));
    for (const one of readTokens(got).tokens) {
      this.step(to, { kind: 'token', token: one });
    }
  }
}

test.each([
  ['control station', 0],
  ['polled station', 1],
] as const)('on a bad line a call of the %s that counts as sent has arrived, and none waits for ever', (_, side) => {
  fc.assert(
    fc.property(fates, (list) => {
      const line = new BadLine(list);
      line.step(side, send);
      line.run(120);
      expect(line.outcomes).toHaveLength(1);
      if (line.outcomes[0] === 'sent') {
        expect(line.arrived).toContainEqual(block);
      }
      // the line is good again: the next call arrives
      const before = line.arrived.length;
      line.step(side, send);
      line.run(30);
      expect([line.outcomes[1], line.arrived.length]).toEqual(['sent', before + 1]);
    }),
    { numRuns: 300 },
  );
});
