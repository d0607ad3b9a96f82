import { Authorization, chooseChallenge } from './authorization.ts';

const digest = (fields: string): string => `Digest realm="cam", nonce="abc"${fields}`;

test('the best of what a camera offers is chosen: SHA-256, then MD5, then Basic', () => {
  const [basic, md5, sha] = ['Basic realm="cam"', digest(''), digest(', algorithm=SHA-256, qop="auth"')];
  expect(chooseChallenge([basic, md5, sha])).toMatchObject({ scheme: 'digest', algorithm: 'SHA-256', qop: true });
  expect(chooseChallenge([basic, md5])).toMatchObject({ scheme: 'digest', algorithm: 'MD5', qop: false });
  expect(chooseChallenge([basic])).toEqual({ scheme: 'basic' });
});

test.each([
  ['another algorithm', digest(', algorithm=SHA-512-256')],
  ['signed bodies', digest(', qop="auth-int"')],
  ['another scheme', 'Bearer x'],
  ['no nonce', 'Digest realm="cam"'],
  ['nothing', ''],
])('%s is not a challenge that can be answered', (_, header) => {
  expect(chooseChallenge([header])).toBeUndefined();
});

/** RFC 7616, 3.9.1: both answers of the example, which is of HTTP: the method and the address are signed as they are. */
test.each([
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
])('the answer to %s is that of the standard', (algorithm, response) => {
  const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
  const header = `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${nonce}"`;
  const challenge = chooseChallenge([header]);
  if (challenge === undefined) throw new Error('no challenge');
  const authorization = new Authorization({
    credentials: { username: 'Mufasa', password: 'Circle of Life' },
    challenge,
    clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  });
  expect(authorization.header('GET', '/dir/index.html')).toContain(`response="${response}"`);
});

test('without a quality of protection the answer is that of RFC 2069, and holds no password', () => {
  const challenge = chooseChallenge([digest(', stale=TRUE, opaque="o"')]);
  if (challenge === undefined) throw new Error('no challenge');
  expect(challenge).toMatchObject({ stale: true });
  const header = new Authorization({ credentials: { username: 'u"', password: 's3cret' }, challenge }).header(
    'PLAY',
    '*',
  );
  expect(header).toMatch(
    /^Digest username="u\\"", realm="cam", nonce="abc", uri="\*", response="[0-9a-f]{32}", opaque="o"$/,
  );
  expect(header).not.toContain('s3cret');
});
