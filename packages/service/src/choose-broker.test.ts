import { chooseToBegin, chooseToFollow, chooseToLead, type SeenBroker } from './choose-broker.ts';

const no: SeenBroker = { answers: 'no' };
const yes: SeenBroker = { answers: 'yes' };
const pending: SeenBroker = { answers: 'pending' };
const led = (term: number, moves = 0): SeenBroker => ({ answers: 'yes', leader: { term, moves } });

describe('the orchestrator', () => {
  test.each<[string, SeenBroker[], number, number, number | undefined]>([
    ['returns to the broker it was at when that answers again', [yes, yes, yes], 1, 0, 1],
    ['waits a moment for that one', [yes, pending, yes], 1, 499, undefined],
    ['takes the most preferred of the others when that one refuses', [yes, no, yes], 1, 0, 0],
    ['takes another one when that one stays silent', [pending, yes, yes], 0, 500, 1],
    ['passes over one that refuses', [no, no, yes], 0, 0, 2],
    ['searches on while none answers', [no, no, pending], 0, 60_000, undefined],
  ])('%s', (_, seen, current, elapsedMs, expected) => {
    expect(chooseToLead({ seen, current, elapsedMs })).toBe(expected);
  });

  test.each<[string, SeenBroker[], number, number | undefined]>([
    ['reads first what the last one left', [led(1), yes, yes], 999, undefined],
    ['takes the broker of the latest term, not the preferred one', [led(1), led(2), yes], 1000, 1],
    ['takes, within a term, the broker that was moved to last', [led(2, 1), yes, led(2, 2)], 1000, 2],
    ['takes the preferred one of a new site', [yes, yes, yes], 1000, 0],
    ['takes one that answers when the broker of the latest term is offline', [no, yes, led(1)], 1000, 2],
    ['searches on while none answers', [no, pending, no], 60_000, undefined],
  ])('when it starts %s', (_, seen, elapsedMs, expected) => {
    expect(chooseToBegin({ seen, current: 0, elapsedMs })).toBe(expected);
  });
});

describe('every other service', () => {
  test.each<[string, SeenBroker[], number, number | undefined]>([
    ['joins the orchestrator, though a preferred broker answers', [yes, led(1), yes], 0, 1],
    ['joins the orchestrator of the later term', [led(1), led(2), yes], 0, 1],
    ['waits for the orchestrator', [yes, yes, yes], 2999, undefined],
    ['takes the most preferred one without an orchestrator, as all others do', [no, yes, yes], 3000, 1],
    ['does not prefer the broker it was at', [yes, yes, yes], 3000, 0],
    ['searches on while none answers', [no, no, no], 60_000, undefined],
  ])('%s', (_, seen, elapsedMs, expected) => {
    expect(chooseToFollow({ seen, current: 2, elapsedMs })).toBe(expected);
  });
});
