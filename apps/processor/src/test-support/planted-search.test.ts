import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tempFolder } from '@vigilia/testing';
import { PlantedSearch } from './planted-search.ts';

const secret = randomBytes(200);
const search = new PlantedSearch([secret]);
const around = (data: Buffer): Buffer => Buffer.concat([randomBytes(101), data, randomBytes(50)]);

test.each([
  ['as it is', around(secret)],
  ['as base64', around(secret).toString('base64')],
  ['as base64 at another offset', Buffer.concat([Buffer.alloc(1), secret]).toString('base64')],
  ['as base64 at a third offset', Buffer.concat([Buffer.alloc(2), secret]).toString('base64')],
  ['as hex digits', around(secret).toString('hex')],
  ['as a logged buffer', JSON.stringify({ data: secret })],
])('a planted picture is found %s', (_, data) => {
  expect(search.finds(data)).toBe(true);
});

test('what was not planted is not found', () => {
  expect(search.finds(randomBytes(1_000_000))).toBe(false);
});

test('a file below a folder is found, unless it is older', async () => {
  await using folder = await tempFolder('planted');
  writeFileSync(folder.file('some.log'), around(secret).toString('base64'));
  writeFileSync(folder.file('other.log'), randomBytes(1000));
  expect(search.files([folder.path], 0)).toEqual([folder.file('some.log')]);
  expect(search.files([folder.path], Date.now() + 60_000)).toEqual([]);
});

test('a picture without contrast is not a picture to search for', () => {
  expect(() => new PlantedSearch([Buffer.alloc(200)])).toThrow('0 of 1');
});
