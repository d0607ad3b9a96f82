import { DockerLogParser, sinceOf } from './docker-frames.ts';

const T1 = '2026-03-01T00:00:00.000000001Z';
const T2 = '2026-03-01T00:00:00.000000002Z';

function frame(type: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

describe('the engine’s log stream', () => {
  it('gives whole lines with their stream and time, however the bytes are cut', () => {
    const data = Buffer.concat([frame(1, `${T1} first – ü\n`), frame(2, `${T2} second\n`)]);
    for (let size = 1; size <= data.length; size += 7) {
      const parser = new DockerLogParser();
      const lines = [];
      for (let at = 0; at < data.length; at += size) {
        lines.push(...parser.push(data.subarray(at, at + size)));
      }
      expect(lines).toEqual([
        { stream: 'stdout', time: T1, text: 'first – ü' },
        { stream: 'stderr', time: T2, text: 'second' },
      ]);
    }
  });

  it('joins a long line from its entries, each of which carries a time', () => {
    const parser = new DockerLogParser();
    const lines = parser.push(
      Buffer.concat([frame(1, `${T1} abc`), frame(2, `${T1} between\n`), frame(1, `${T2} def\n`)]),
    );
    expect(lines.map(({ text, time }) => [text, time])).toEqual([
      ['between', T1],
      ['abcdef', T1],
    ]);
  });

  it('reads a container with a terminal, whose lines have no frames', () => {
    const parser = new DockerLogParser();
    expect(parser.push(Buffer.from(`${T1} one\r\n${T2} two`))).toEqual([{ stream: 'stdout', time: T1, text: 'one' }]);
    expect(parser.push(Buffer.from('\r\n'))).toEqual([{ stream: 'stdout', time: T2, text: 'two' }]);
  });

  it('asks from a time to the nanosecond', () => {
    expect(sinceOf('2026-03-01T00:00:01.5Z')).toBe('1772323201.500000000');
    expect(sinceOf(T2)).toBe('1772323200.000000002');
    expect(sinceOf('nonsense')).toBeUndefined();
  });
});
