import { CommandInbox, INBOX_BYTES, INBOX_MESSAGES } from './command-inbox.ts';

/** An inbox whose room for answers a test gives by hand. */
function heldInbox() {
  let free = false;
  let giveRoom = (): void => {};
  const room = new Promise<void>((resolve) => {
    giveRoom = resolve;
  });
  const errors: unknown[] = [];
  const inbox = new CommandInbox({
    roomForAnswers: () => (free ? undefined : room),
    onError: (error) => errors.push(error),
  });
  const give = async (): Promise<void> => {
    free = true;
    giveRoom();
    await new Promise(setImmediate);
  };
  return { inbox, errors, give };
}

it('commands that come while answers fill their queue are handled later, in order, and one that fails stops none behind it', async () => {
  const { inbox, errors, give } = heldInbox();
  const handled: number[] = [];
  const broken = new Error('broken');
  inbox.post(10, () => handled.push(1));
  inbox.post(10, () => {
    throw broken;
  });
  inbox.post(10, () => handled.push(3));
  expect(handled).toEqual([]);
  const given = give();
  inbox.post(10, () => handled.push(4));
  await given;
  expect(handled).toEqual([1, 3, 4]);
  expect(errors).toEqual([broken]);
  inbox.post(10, () => handled.push(5));
  expect(handled).toEqual([1, 3, 4, 5]);
});

it.each([
  ['messages', INBOX_MESSAGES, 1],
  ['bytes', 16, INBOX_BYTES / 16],
])(
  'a flood of commands takes bounded memory: too many %s are rejected, and there is room again afterwards',
  async (_, count, bytes) => {
    const { inbox, give } = heldInbox();
    let handled = 0;
    const post = (): boolean => inbox.post(bytes, () => (handled += 1));
    for (let index = 0; index < count; index += 1) {
      expect(post()).toBe(true);
    }
    expect(post()).toBe(false);
    await give();
    expect(handled).toBe(count);
    expect(post()).toBe(true);
  },
);
