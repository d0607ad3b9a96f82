import { SessionThread } from './session-thread.ts';

const files = { modelPath: '', jsonPath: '', threads: 1 };
const program = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);
/** The reported end of the thread. */
const endOf = (code: string): Promise<Error> =>
  new Promise((onEnd) => new SessionThread({ files, onEnd, program: program(code) }));

test.each([
  ['it throws', 'throw new Error("out of memory")', /out of memory/],
  ['it ends by itself', 'process.exit(7)', /ended with code 7/],
])('a thread that ends is reported, or its host would wait for answers for ever: %s', async (_, code, words) => {
  expect((await endOf(code)).message).toMatch(words);
});
