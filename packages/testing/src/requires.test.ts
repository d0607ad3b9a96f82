import { requires } from './requires.ts';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test('what is missing is skipped with one line, or is an error where the gate demands it', () => {
  process.env.VIGILIA_TEST_DATA = '/nowhere';
  const lines: string[] = [];
  const write = jestWrite(lines);
  try {
    delete process.env.VIGILIA_REQUIRE;
    expect(requires('data')).toBe(describe.skip);
    process.env.VIGILIA_REQUIRE = 'ffmpeg,data';
    expect(() => requires('data')).toThrow(/VIGILIA_REQUIRE .*VIGILIA_TEST_DATA/);
    process.env.VIGILIA_REQUIRE = 'all';
    expect(() => requires('data')).toThrow(/VIGILIA_REQUIRE/);
  } finally {
    write.restore();
  }
  expect(lines).toEqual(['skipped, because this machine lacks the test data: set VIGILIA_TEST_DATA to its folder\n']);
});

test('what needs nothing is simply described', () => {
  expect(requires()).toBe(describe);
});

function jestWrite(lines: string[]): { restore(): void } {
  const { write } = process.stderr;
  process.stderr.write = (text: string | Uint8Array) => {
    lines.push(String(text));
    return true;
  };
  return {
    restore: () => {
      process.stderr.write = write;
    },
  };
}
