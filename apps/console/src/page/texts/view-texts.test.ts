import { figureTexts } from '../incidents/figure-texts.ts';
import { passkeyTexts } from '../people/passkey-texts.ts';
import { peopleTexts } from '../people/people-texts.ts';
import { policyTexts } from '../policy/policy-texts.ts';
import { commandTexts } from '../processors/command-texts.ts';
import { processorTexts } from '../processors/processor-texts.ts';
import { roomSettingsTexts } from '../room-settings/room-settings-texts.ts';
import { otherWaysTexts } from '../sign-in/other-ways-texts.ts';
import { stationTexts } from '../station/station-texts.ts';
import { systemTexts } from '../system/system-texts.ts';
import { zoneTexts } from '../zones/zone-texts.ts';

const gaps = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort();

describe('texts that travel with their view', () => {
  it.each(
    Object.entries({
      policyTexts,
      commandTexts,
      figureTexts,
      otherWaysTexts,
      passkeyTexts,
      peopleTexts,
      processorTexts,
      roomSettingsTexts,
      stationTexts,
      systemTexts,
      zoneTexts,
    }),
  )('%s have the same gaps in both languages', (_, texts) => {
    const es: Readonly<Record<string, string>> = texts.es;
    for (const [key, text] of Object.entries(texts.en)) {
      expect({ key, gaps: gaps(es[key] ?? '') }).toEqual({ key, gaps: gaps(text) });
    }
  });
});
