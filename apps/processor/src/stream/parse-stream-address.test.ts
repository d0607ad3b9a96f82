import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import { parseStreamAddress } from './parse-stream-address.ts';

let folder: TempFolder;
beforeEach(async () => {
  folder = await tempFolder('address');
  mkdirSync(folder.file('media'));
  writeFileSync(folder.file('media/2.mp4'), '');
  writeFileSync(folder.file('secret.mp4'), '');
  symlinkSync(folder.file('secret.mp4'), folder.file('media/link.mp4'));
});
afterEach(() => folder.remove());

const url = (name: string): string => pathToFileURL(folder.file(name)).href;
const parse = (address: string, mediaDir: string | undefined = folder.file('media')) =>
  parseStreamAddress(address, { mediaDir });

test.each(['rtsp', 'rtsps', 'http', 'https'])('an address with the scheme %s is accepted as a camera', (kind) => {
  expect(parse(`${kind}://user:pass@cam:1/2`)).toEqual({ kind, url: `${kind}://user:pass@cam:1/2` });
});

test('a file in MEDIA_DIR is accepted in place of a camera', () => {
  expect(parse(url('media/2.mp4'))).toEqual({ kind: 'file', path: folder.file('media/2.mp4') });
});

test.each([
  ['a file beside the folder', () => url('secret.mp4'), 'invalid_params', /outside MEDIA_DIR/],
  ['a way out of it', () => `${url('media')}/../secret.mp4`, 'invalid_params', /outside MEDIA_DIR/],
  ['a link that leads out of it', () => url('media/link.mp4'), 'invalid_params', /outside MEDIA_DIR/],
  ['a file that is not there', () => url('media/9.mp4'), 'stream_unreachable', /not there/],
  ['another scheme', () => 'concat:/etc/passwd|/etc/group', 'invalid_params', /"concat"/],
  ['no scheme', () => '/etc/passwd', 'invalid_params', /allowed are rtsp/],
  ['an option in disguise', () => '-i', 'invalid_params', /allowed are/],
])('refuses %s', (_, address, code, message) => {
  expect(() => parse(address())).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
});

test('without MEDIA_DIR no file at all', () => {
  expect(() => parseStreamAddress(url('media/2.mp4'))).toThrow(/MEDIA_DIR/);
});

test('a refused address is shown without its password', () => {
  expect(() => parse('ftp://nurse:s3cret@host/x')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('s3cret') }),
  );
});

describe('an address whose password holds reserved characters', () => {
  test.each([
    'rtsp://nurse:a/S3CRET@cam/1',
    'rtsp://nurse:a?S3CRET@cam/1',
    'rtsp://nurse:a#S3CRET@cam/1',
    'rtsp://nurse:12#S3CRET@cam/1',
    'rtsp://nurse:12?S3CRET@cam/1',
    'rtsp://nurse:a[S3CRET@cam:x/1',
    'https://nurse:S3CRET@cam:99999/1',
  ])('%s is refused without the password, and the error shows how to write it', (address) => {
    expect(() => parse(address)).toThrow(
      expect.objectContaining({
        code: 'invalid_params',
        message: expect.stringMatching(/^(?!.*S3CRET).*write \/ as %2F, \? as %3F, # as %23/),
      }),
    );
  });

  test('is accepted when the password is percent-encoded', () => {
    expect(parse('rtsp://nurse:a%2F%23%3F%40%20b@cam/1')).toMatchObject({ kind: 'rtsp' });
  });

  test.each(['nurse:S3CRET@cam/1', 'S3CRET:x@cam/1', 'rtsp:nurse:S3CRET@cam', 'file://nurse:S3CRET@cam/1'])(
    'nothing of %s is shown where the start of its password is unknown',
    (address) => {
      expect(() => parse(address)).toThrow(expect.objectContaining({ message: expect.not.stringMatching(/s3cret/i) }));
    },
  );
});
