import fc from 'fast-check';
import { Depacketizer } from './depacketizer.ts';
import { RtspError } from './rtsp-error.ts';

/** A sequence parameter set of 640 x 360, a picture parameter set, and slices. */
const sequence = Buffer.from('6742c01ed900a02ff97016e020202800001f480005dc0478b17240', 'hex');
const parameters = Buffer.from('68ce3c80', 'hex');
const slice = (header: number, length: number, fill = 7): Buffer =>
  Buffer.concat([Buffer.from([header, 0x88]), Buffer.alloc(length, fill)]);
const key = (length = 40): Buffer => slice(0x65, length);
const other = (length = 40): Buffer => slice(0x41, length);

interface Sent {
  readonly payload: Buffer;
  readonly timestamp: number;
  readonly marker: boolean;
}

class Camera {
  readonly frames: { readonly key: boolean; readonly data: Buffer }[] = [];
  useless = 0;
  readonly depacketizer: Depacketizer;
  #sequence = 65_530;

  constructor(parameterSets: readonly Buffer[] = [], codec: 'h264' | 'hevc' = 'h264') {
    this.depacketizer = new Depacketizer({
      codec,
      payloadType: 96,
      parameterSets,
      onPacket: ({ key, data }) => this.frames.push({ key, data: Buffer.from(data) }),
      onUseless: () => this.useless++,
    });
  }

  send({ payload, timestamp, marker }: Sent, lost = false): void {
    const header = Buffer.alloc(12);
    header.writeUInt8(0x80, 0);
    header.writeUInt8(96 | (marker ? 0x80 : 0), 1);
    header.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    header.writeUInt32BE(timestamp, 4);
    const packet = Buffer.concat([header, payload]);
    if (!lost) {
      this.depacketizer.packet(packet, 0, packet.length);
    }
  }

  /** Each unit in a packet of its own. */
  frame(timestamp: number, ...units: readonly Buffer[]): void {
    for (const [index, payload] of units.entries()) {
      this.send({ payload, timestamp, marker: index === units.length - 1 });
    }
  }
}

const annexB = (...units: readonly Buffer[]): Buffer =>
  Buffer.concat(units.flatMap((unit) => [Buffer.from([0, 0, 0, 1]), unit]));

/** RFC 6184, 5.8. */
function fragments(unit: Buffer, size: number): Buffer[] {
  const [header = 0, body] = [unit[0], unit.subarray(1)];
  const parts = Array.from({ length: Math.ceil(body.length / size) }, (_, part) =>
    body.subarray(part * size, (part + 1) * size),
  );
  return parts.map((part, index) => {
    const flags = (index === 0 ? 0x80 : 0) | (index === parts.length - 1 ? 0x40 : 0);
    return Buffer.concat([Buffer.from([(header & 0xe0) | 28, flags | (header & 0x1f)]), part]);
  });
}

/** RFC 6184, 5.7.1. */
const aggregate = (...units: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([24]),
    ...units.flatMap((unit) => [Buffer.from([unit.length >> 8, unit.length & 255]), unit]),
  ]);

test('single units, aggregated and fragmented ones become frames, across the end of the sequence numbers', () => {
  const camera = new Camera();
  camera.frame(0, aggregate(sequence, parameters), ...fragments(key(3000), 1000));
  camera.frame(3600, other());
  camera.frame(7200, other(), slice(0x41, 10));
  expect(camera.frames).toEqual([
    { key: true, data: annexB(sequence, parameters, key(3000)) },
    { key: false, data: annexB(other()) },
    { key: false, data: annexB(other(), slice(0x41, 10)) },
  ]);
  expect(camera.depacketizer.size).toEqual({ width: 640, height: 360 });
});

test('parameter sets of the description stand before each keyframe that has none of its own', () => {
  const camera = new Camera([sequence, parameters]);
  camera.frame(0, key());
  camera.frame(3600, other());
  camera.frame(7200, sequence, parameters, key());
  expect(camera.frames.map(({ data }) => data)).toEqual([
    annexB(sequence, parameters, key()),
    annexB(other()),
    annexB(sequence, parameters, key()),
  ]);
});

test('parameter sets that came with a frame replace those before, for the keyframes that follow', () => {
  const camera = new Camera([sequence, Buffer.from('68aa', 'hex')]);
  camera.frame(0, sequence, parameters, key());
  camera.frame(3600, key());
  expect(camera.frames[1]?.data).toEqual(annexB(sequence, parameters, key()));
});

test('parameter sets that come alone, with a marker, belong to the frame after them', () => {
  const camera = new Camera();
  camera.frame(0, sequence, parameters);
  camera.frame(3600, key());
  expect(camera.frames).toEqual([{ key: true, data: annexB(sequence, parameters, key()) }]);
});

test('frames before the first parameter set are reported, but are of no use', () => {
  const camera = new Camera();
  camera.frame(0, key());
  expect(camera.frames).toEqual([]);
  expect(camera.useless).toBe(1);
});

test('what follows a lost packet is of no use until the next keyframe', () => {
  const camera = new Camera([sequence, parameters]);
  camera.frame(0, key());
  const [first = key(), ...rest] = fragments(other(3000), 1000);
  camera.send({ payload: first, timestamp: 3600, marker: false });
  rest.forEach((payload, index) => {
    camera.send({ payload, timestamp: 3600, marker: index === rest.length - 1 }, index === 0);
  });
  camera.frame(7200, other());
  camera.frame(10_800, key());
  camera.frame(14_400, other());
  expect(camera.frames.map((frame) => frame.key)).toEqual([true, true, false]);
  expect(camera.useless).toBe(2);
});

test('a camera that sets the marker on every slice is understood after its first frame', () => {
  const camera = new Camera([sequence, parameters]);
  const second = Buffer.from([0x65, 0x40, 1, 2, 3]);
  for (let frame = 0; frame < 4; frame++) {
    camera.send({ payload: key(), timestamp: frame * 3600, marker: true });
    camera.send({ payload: second, timestamp: frame * 3600, marker: true });
  }
  expect(camera.frames.at(-1)?.data).toEqual(annexB(sequence, parameters, key(), second));
});

test('a recovery point counts as a keyframe: a decoder may begin there', () => {
  const camera = new Camera([sequence, parameters]);
  camera.frame(0, Buffer.from([0x06, 5, 2, 1, 1, 6, 1, 0xc4, 0x80]), other());
  camera.frame(3600, Buffer.from([0x06, 5, 2, 6, 6, 0x80]), other());
  expect(camera.frames.map((frame) => frame.key)).toEqual([true, false]);
});

test('a camera whose numbers mean nothing is left to ffmpeg', () => {
  const camera = new Camera([sequence, parameters]);
  const packet = Buffer.concat([Buffer.from([0x80, 0xe0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0]), other()]);
  expect(() => {
    for (let count = 0; count < 1000; count++) {
      camera.depacketizer.packet(packet, 0, packet.length);
    }
  }).toThrow('not in sequence');
});

test.each(['h264', 'hevc'] as const)('whatever comes as packets of %s, nothing but a refusal is thrown', (codec) => {
  const payload = fc.uint8Array({ maxLength: 80 });
  const type = fc.constantFrom(0x41, 0x65, 0x67, 0x06, 24, 28, 0x40, 0x42, 0x60, 0x62, 0x26);
  const packet = fc.record({
    type,
    payload,
    flags: fc.nat(255),
    timestamp: fc.nat(3),
    marker: fc.boolean(),
    lost: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
      const camera = new Camera(codec === 'h264' ? [sequence, parameters] : [], codec);
      for (const { type, payload, flags, timestamp, marker, lost } of packets) {
        const bytes = Buffer.concat([Buffer.from([type, flags]), payload]);
        try {
          camera.send({ payload: bytes, timestamp, marker }, lost);
        } catch (error) {
          expect(error).toBeInstanceOf(RtspError);
          return;
        }
      }
      const sent = packets.reduce((sum, one) => sum + one.payload.length + 2, 0);
      const written = camera.frames.reduce((sum, { data }) => sum + data.length, 0);
      // at most a start code per unit, which takes two bytes at least, and parameter sets per frame
      expect(written).toBeLessThanOrEqual(4 * sent + 40 * packets.length);
    }),
  );
});
