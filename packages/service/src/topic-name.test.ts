import { topicFilterFault, topicNameFault } from './topic-name.ts';

test.each(['a', 'a/b/c', '$SYS/x', '/', 'ä', 'a b'])('a message may go to %j', (topic) => {
  expect(topicNameFault(topic)).toBeUndefined();
});

test.each(['', 'a/#', 'a/+/b', 'a\0b', 'a\ud800', 'x'.repeat(65_536), 'ä'.repeat(40_000)])(
  'a message never goes to a topic for which the broker would end the connection (%#)',
  (topic) => {
    expect(topicNameFault(topic)).toBeDefined();
  },
);

test.each(['#', 'a/#', '+/b', 'a', '/'])('the filter %j may be subscribed to', (filter) => {
  expect(topicFilterFault(filter)).toBeUndefined();
});

test.each(['', 'a#', '#/a', 'a+/b', 'a/#/b', 'a\0'])(
  'the filter %j is refused before it reaches the broker',
  (filter) => {
    expect(topicFilterFault(filter)).toBeDefined();
  },
);
