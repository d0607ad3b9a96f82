import { parseRtspAddress, redirectedAddress } from './rtsp-address.ts';

test.each([
  ['rtsp://cam/live/1', { host: 'cam', port: 554, tls: false, url: 'rtsp://cam/live/1', credentials: undefined }],
  ['rtsps://cam/1', { port: 322, tls: true }],
  ['rtsp://[::1]:8554/1', { host: '::1', port: 8554, url: 'rtsp://[::1]:8554/1' }],
  [
    'RTSP://u:p%40ss@cam:8554/A?x=1#f',
    { url: 'rtsp://cam:8554/A?x=1', credentials: { username: 'u', password: 'p@ss' } },
  ],
  ['rtsp://u:100%@cam/1', { url: 'rtsp://cam/1', credentials: { username: 'u', password: '100%' } }],
  ['rtsp://u:p@ss@cam/1@2', { url: 'rtsp://cam/1@2', credentials: { username: 'u', password: 'p@ss' } }],
])('%s is read, and requests do not hold its credentials', (address, expected) => {
  expect(parseRtspAddress(address)).toMatchObject(expected);
});

test('a redirection takes credentials along to the same host only, and never from TLS to a plain connection', () => {
  const from = parseRtspAddress('rtsp://u:p@cam/1');
  expect(redirectedAddress(from, 'rtsp://cam:8554/2').credentials).toEqual({ username: 'u', password: 'p' });
  expect(redirectedAddress(from, 'rtsp://elsewhere/2').credentials).toBeUndefined();
  expect(() => redirectedAddress(from, 'http://cam/2')).toThrow('not RTSP');
  expect(() => redirectedAddress(parseRtspAddress('rtsps://cam/1'), 'rtsp://cam/1')).toThrow('from TLS');
});
