import { createServer, type Server, type Socket } from 'node:net';
import { collect, eventually, requires } from '@vigilia/testing';
import { makeSite, type ProcessorHouse, startHouse, type TestSite, topics } from './test-support/processor-house.ts';

const secret = 'S3CRET';

/** Everything that a processor publishes and logs, while cameras with passwords are tried. */
requires('ffmpeg')('the password of a camera', () => {
  let site: TestSite;
  let house: ProcessorHouse;
  let camera: Server;
  let port: number;
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    camera = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('data', (data) => socket.write(refusal(data.toString())));
    });
    await new Promise<void>((resolve) => camera.listen(0, '127.0.0.1', resolve));
    port = (camera.address() as { port: number }).port;
    site = await makeSite();
    house = await startHouse({ site, flags: ['--streams', '0', '--max-fps', '2'] });
  });
  afterAll(async () => {
    await house?.stop();
    for (const socket of sockets) {
      socket.destroy();
    }
    camera?.close();
    await site?.remove();
  });

  it.each([
    ['a/', 'invalid_params'],
    ['a#', 'invalid_params'],
    ['a?', 'invalid_params'],
    ['12#', 'invalid_params'],
    ['a ', 'stream_unreachable'],
    ["a'", 'stream_unreachable'],
    ['a"', 'stream_unreachable'],
    ['a%2F%23', 'stream_unreachable'],
    ['', 'stream_unreachable'],
  ])('that begins with %j is in no answer, status, event or log line', async (before, code) => {
    const uri = `rtsp://nurse:${before}${secret}@127.0.0.1:${port}/1?token=${secret}`;
    const published = await collect(house.client, 'nvr/#');
    const from = house.lines.length;
    const answers = [
      await house.send('change_stream_uri', { source_id: 0, uri }),
      await house.send('add_stream', { source_id: 7, uri }),
      await house.send('reconfigure', { changes: { streams: [{ source_id: 0, uri }] } }),
    ];
    expect(answers.map(({ error }) => error?.code)).toEqual([code, code, code]);
    if (code === 'invalid_params') {
      expect(answers[0]?.message).toContain('write / as %2F, ? as %3F, # as %23');
    } else {
      expect(answers[0]?.message).toContain('user name or password');
    }
    await eventually(() => expect(house.lastStatus().status).toBe('running'));
    const told = published.messages.filter(({ topic }) => topic !== 'nvr/control/commands');
    expect(told.map(({ topic }) => topic)).toContain(topics.ackShared);
    expect(JSON.stringify(told)).not.toContain(secret);
    expect(JSON.stringify(house.lines.slice(from))).not.toContain(secret);
  });
});

function refusal(request: string): string {
  const status = request.startsWith('OPTIONS') ? '200 OK' : '401 Unauthorized';
  return `RTSP/1.0 ${status}\r\nCSeq: ${/CSeq: (\d+)/.exec(request)?.[1] ?? 1}\r\n\r\n`;
}
