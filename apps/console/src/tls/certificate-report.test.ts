import { certificateEnds } from './certificate-report.ts';

const nowMs = Date.parse('2026-01-01T00:00:00.000Z');
const inDays = (days: number): Date => new Date(nowMs + days * 86_400_000);

test.each<[days: number, state: string]>([
  [400, 'valid'],
  [30, 'valid'],
  [29, 'ends_soon'],
  [0, 'expired'],
  [-3, 'expired'],
])('the certificate of the page that ends in %i days is %s', (days, state) => {
  const [certificate] = certificateEnds({ expiresAt: inDays(days), authorityExpiresAt: undefined }, nowMs);
  expect(certificate).toMatchObject({ what: 'certificate', daysLeft: days, state });
});

test('the authority of the page is reported a year before it ends, because it is on every device', () => {
  const ends = certificateEnds({ expiresAt: inDays(400), authorityExpiresAt: inDays(300) }, nowMs);
  expect(ends.map(({ what, state }) => [what, state])).toEqual([
    ['certificate', 'valid'],
    ['authority', 'ends_soon'],
  ]);
});
