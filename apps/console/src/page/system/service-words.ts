import type { ServiceFinding, VersionsFinding } from '@vigilia/house';
import { oneDigit } from '../texts/times.ts';
import type { Language } from '../texts/translate.ts';
import { fileSize } from './file-size.ts';
import type { FindingWords } from './finding-words.ts';
import { folderName } from './service-name.ts';
import type { SystemText } from './system-texts.ts';

type Wrong = Exclude<ServiceFinding, { result: 'ok' }>;

/** Returns what a service reports of itself that is wrong, and what to do. */
export function serviceWords(s: SystemText, language: Language, finding: Wrong): FindingWords {
  const { code, id } = finding;
  const remedy = s(`${code}.do`);
  switch (code) {
    case 'disk_nearly_full': {
      const values = { id, folder: folderName(s, finding.folder), free: fileSize(language, finding.freeBytes) };
      return { what: s(code, values), remedy, href: undefined };
    }
    case 'spool_nearly_full':
      return { what: s(code, { id, percent: finding.usedPercent }), remedy, href: undefined };
    case 'clock_differs': {
      const { aheadSeconds } = finding;
      const values = { id, seconds: oneDigit(language, Math.abs(aheadSeconds)) };
      return {
        what: s(aheadSeconds < 0 ? 'clock_differs.behind' : 'clock_differs.ahead', values),
        remedy,
        href: undefined,
      };
    }
    case 'alert_target_failing': {
      const reason = [finding.error, finding.remedy].filter(Boolean).join(' ');
      return { what: s(code, { target: finding.target }), remedy: `${remedy} ${reason}`.trim(), href: undefined };
    }
    case 'event_sink_silent':
      return { what: s(code, { id }), remedy, href: undefined };
  }
}

/** Returns which services run which version. */
export function versionsWords(s: SystemText, { code, versions }: VersionsFinding): FindingWords {
  const list = versions.map(({ version, ids }) => `${version}: ${ids.join(', ')}`).join('; ');
  return { what: s(code, { list }), remedy: s('versions_differ.do'), href: undefined };
}
