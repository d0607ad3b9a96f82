import { commandForms } from '../../server/command-forms.ts';
import { confirmPage } from '../../server/routes/on-my-way-page.ts';
import { workerText } from '../push/worker-texts.ts';
import { commandSummary } from './command-summary.ts';
import { en, type TextKey } from './en.ts';
import { es } from './es.ts';
import { clockTime, duration, rate } from './times.ts';
import { preferredLanguage, translate } from './translate.ts';

const keys = Object.keys(en) as TextKey[];
const gaps = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort();

describe('Spanish and English', () => {
  it('have the same texts with the same gaps, none empty', () => {
    expect(Object.keys(es).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      expect({ key, gaps: gaps(es[key]) }).toEqual({ key, gaps: gaps(en[key]) });
      expect(es[key].trim()).not.toBe('');
    }
  });

  it.each(['en', 'es'] as const)('name the button of an alarm alike in page, notification and link: %s', (language) => {
    const label = translate(language, 'incident.acknowledge');
    expect(workerText(language, 'on_my_way')).toBe(label);
    expect(confirmPage({ language, nonce: 'n' }, 'token')).toContain(`<button>${label}</button>`);
  });

  it('describe every command in Spanish, too', () => {
    for (const form of commandForms()) {
      expect(commandSummary('es', form)).not.toBe(form.summary);
    }
  });

  it('are chosen by the browser’s languages, English otherwise', () => {
    expect(preferredLanguage(['fr', 'es-MX', 'en'])).toBe('es');
    expect(preferredLanguage(['fr'])).toBe('en');
  });

  it('fill gaps, and leave a gap without a value visible', () => {
    expect(translate('es', 'room.title', { id: 3 })).toBe('Habitación 3');
    expect(translate('en', 'room.title')).toBe('Room {id}');
  });
});

describe('times', () => {
  it('are short, and never ambiguous at night', () => {
    expect(duration('en', 42_000)).toBe('42 s');
    expect(duration('es', 3 * 60_000)).toBe('3 min');
    expect(duration('en', 125 * 60_000)).toBe('2 h 5 min');
    const afternoon = new Date(2026, 0, 5, 15, 4, 5);
    expect(clockTime('en', afternoon.toISOString(), afternoon.getTime())).toBe('15:04:05');
    expect(clockTime('en', afternoon.toISOString(), afternoon.getTime() + 86_400_000)).toBe('5 Jan, 15:04:05');
    expect(clockTime('es', 'nonsense', 0)).toBe('');
  });

  it('show rates as people express them', () => {
    expect(rate('en', 0.1)).toBe('every 10 s');
    expect(rate('es', 2)).toBe('2 por segundo');
  });
});
