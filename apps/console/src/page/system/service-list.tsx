import type { ReportedFolder } from '@vigilia/protocol';
import type { JSX } from 'preact';
import type { ServiceView } from '../../shared/system-view.ts';
import { type PageContext, usePage } from '../parts/context.ts';
import { Fact } from '../parts/fact.tsx';
import { en, type TextKey } from '../texts/en.ts';
import { clockTime, oneDigit } from '../texts/times.ts';
import type { Language } from '../texts/translate.ts';
import { fileSize } from './file-size.ts';
import { folderName, serviceName } from './service-name.ts';
import { type SystemText, useSystemText } from './system-texts.ts';

/** The console itself, and every service that reports over MQTT. */
export function ServiceList({ services }: { readonly services: readonly ServiceView[] }): JSX.Element {
  return (
    <ul class="cards">
      {services.map((service) => (
        <ServiceCard key={`${service.kind} ${service.id}`} service={service} />
      ))}
    </ul>
  );
}

function ServiceCard({ service }: { readonly service: ServiceView }): JSX.Element {
  const { t, language } = usePage();
  const s = useSystemText();
  const { kind, id, status, health, rooms, models = [], startedAt, heardAt, skippedPercent: percent } = service;
  const isProcessor = kind === 'home' || kind === 'dedicated';
  const time = (iso: string | undefined): string | undefined =>
    iso === undefined ? undefined : clockTime(language, iso, Date.now());
  const skipped = percent === undefined ? s('skipped.unknown') : s('skipped.value', { percent });
  return (
    <li class={`card status-${status}`} data-service={id}>
      <h3>{serviceName(s, service)}</h3>
      <p>
        <b class="state">{statusWords(s, t, service)}</b>
        {isProcessor ? ` · ${s(kind)}` : ''}
      </p>
      <dl class="facts">
        <Fact label={s('version')} value={service.version} />
        <Fact label={s('health')} value={health === undefined ? undefined : t(`health.${health}` as TextKey)} />
        <Fact label={s('rooms')} value={rooms?.toString()} />
        <Fact label={s('models')} value={models.length === 0 ? undefined : models.join(', ')} />
        <Fact label={s('skipped')} value={isProcessor && status !== 'offline' ? skipped : undefined} />
        <Folders folders={service.folders ?? []} />
        <Fact label={s('clock')} value={clockWords(s, language, service.clockAheadSeconds)} />
        <Fact label={s('started')} value={time(startedAt)} />
        <Fact label={s('heard')} value={time(heardAt)} />
      </dl>
    </li>
  );
}

function Folders({ folders }: { readonly folders: readonly ReportedFolder[] }): JSX.Element {
  const { language } = usePage();
  const s = useSystemText();
  const size = (bytes: number): string => fileSize(language, bytes);
  return (
    <>
      {folders.map(({ name, free_bytes: free, total_bytes: total, used_bytes: used, max_bytes: max }) => (
        <>
          <Fact
            key={name}
            label={s('disk', { folder: folderName(s, name) })}
            value={s('disk.value', { free: size(free), total: size(total) })}
          />
          <Fact
            key={`${name} used`}
            label={s('disk.used', { folder: folderName(s, name) })}
            value={
              used === undefined || max === undefined
                ? undefined
                : s('disk.used.value', { used: size(used), max: size(max) })
            }
          />
        </>
      ))}
    </>
  );
}

/** Undefined for a clock that is not known, or not noticeably different. */
function clockWords(s: SystemText, language: Language, aheadSeconds: number | undefined): string | undefined {
  if (aheadSeconds === undefined) return undefined;
  if (Math.abs(aheadSeconds) <= 2) return s('clock.same');
  const seconds = oneDigit(language, Math.abs(aheadSeconds));
  return s(aheadSeconds < 0 ? 'clock.behind' : 'clock.ahead', { seconds });
}

function statusWords(s: SystemText, t: PageContext['t'], { kind, status }: ServiceView): string {
  if (status === 'online') return s('online');
  const key = `${kind === 'orchestrator' ? 'orchestrator' : 'status'}.${status}`;
  return Object.hasOwn(en, key) ? t(key as TextKey) : status;
}
