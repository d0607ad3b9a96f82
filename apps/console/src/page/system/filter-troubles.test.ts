import type { ServiceView } from '../../shared/system-view.ts';
import { troublesOf } from './filter-troubles.ts';

const trouble = (event: string, level: 'warning' | 'error', minute: number) => {
  return { event, level, message: event, count: 1, at: `2026-01-01T10:0${minute}:00.000Z` } as const;
};
const services: ServiceView[] = [
  { kind: 'home', id: 'a', status: 'running', troubles: [trouble('late', 'warning', 3), trouble('lost', 'error', 1)] },
  { kind: 'console', id: 'console', status: 'online', troubles: [trouble('refused', 'warning', 2)] },
  { kind: 'notifier', id: 'notifier', status: 'online' },
];
const events = (service: string, level: string) => troublesOf(services, { service, level }).map(({ event }) => event);

describe('the warnings and errors of logs', () => {
  test('of all services are shown newest first', () => {
    expect(events('', '')).toEqual(['late', 'refused', 'lost']);
  });

  test('are those of one service, or errors only', () => {
    expect(events('a', '')).toEqual(['late', 'lost']);
    expect(events('', 'error')).toEqual(['lost']);
    expect(events('console', 'error')).toEqual([]);
  });
});
