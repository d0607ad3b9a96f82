import { parseSettings } from '@vigilia/service';
import { checkAccess, consoleSpec } from './settings.ts';

const check = (...argv: string[]): void => checkAccess(parseSettings(consoleSpec, argv, {}));

describe('who may reach the console', () => {
  it('opens without sign-in only to this machine', () => {
    expect(() => check('--no-auth')).not.toThrow();
    expect(() => check('--no-auth', '--host', 'localhost')).not.toThrow();
    for (const host of ['0.0.0.0', '192.168.1.4', '::', '127.0.0.1.example.org']) {
      expect(() => check('--no-auth', '--host', host)).toThrow(/--no-auth is allowed only on/);
    }
    expect(() => check('--no-auth', '--trust-proxy', 'loopback')).toThrow(/--no-auth is allowed only on/);
  });

  it('refuses to start for others on the network without a users file', () => {
    expect(() => check()).toThrow(/--users-file or CONSOLE_USERS_FILE/);
    expect(() => check('--users-file', 'users.json', '--host', '0.0.0.0')).not.toThrow();
  });
});

test.each([
  ['file:///srv/clips/{source_id}.mp4', undefined],
  ['rtsp://go2rtc:8554', 'rtsp://go2rtc:8554'],
])('the stream server %s, which all services may share, is to the console %s', (url, expected) => {
  expect(parseSettings(consoleSpec, ['--no-auth'], { STREAM_SERVER: url }).streamServer).toBe(expected);
});
