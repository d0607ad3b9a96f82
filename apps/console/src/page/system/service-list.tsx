import type { JSX } from 'preact';
import type { ServiceView, SystemView } from '../../shared/system-view.ts';
import { type PageContext, usePage } from '../parts/context.ts';
import { Fact } from '../parts/fact.tsx';
import { en, type TextKey } from '../texts/en.ts';
import { clockTime } from '../texts/times.ts';
import { type SystemText, useSystemText } from './system-texts.ts';

/** The console itself, and every service that reports over MQTT. */
export function ServiceList({ view }: { readonly view: SystemView }): JSX.Element {
  const { language } = usePage();
  const s = useSystemText();
  const { version, startedAt } = view.console;
  return (
    <ul class="cards">
      <li class="card" data-service="console">
        <h3>{s('console')}</h3>
        <p>
          <b class="state">{s('online')}</b>
        </p>
        <dl class="facts">
          <Fact label={s('version')} value={version} />
          <Fact label={s('started')} value={clockTime(language, startedAt, Date.now())} />
        </dl>
      </li>
      {view.services.map((service) => (
        <ServiceCard key={`${service.kind} ${service.id}`} service={service} />
      ))}
    </ul>
  );
}

function ServiceCard({ service }: { readonly service: ServiceView }): JSX.Element {
  const { t, language } = usePage();
  const s = useSystemText();
  const { kind, id, status, version, health, rooms, startedAt, heardAt, skippedPercent } = service;
  const isProcessor = kind === 'home' || kind === 'dedicated';
  const time = (iso: string | undefined): string | undefined =>
    iso === undefined ? undefined : clockTime(language, iso, Date.now());
  const percent = skippedPercent;
  const skipped = percent === undefined ? s('skipped.unknown') : s('skipped.value', { percent });
  return (
    <li class={`card status-${status}`} data-service={id}>
      <h3>{isProcessor ? id : s(kind)}</h3>
      <p>
        <b class="state">{statusWords(s, t, service)}</b>
        {isProcessor ? ` · ${s(kind)}` : ''}
      </p>
      <dl class="facts">
        <Fact label={s('version')} value={version} />
        <Fact label={s('health')} value={health === undefined ? undefined : t(`health.${health}` as TextKey)} />
        <Fact label={s('rooms')} value={rooms?.toString()} />
        <Fact label={s('skipped')} value={isProcessor && status !== 'offline' ? skipped : undefined} />
        <Fact label={s('started')} value={time(startedAt)} />
        <Fact label={s('heard')} value={time(heardAt)} />
      </dl>
    </li>
  );
}

function statusWords(s: SystemText, t: PageContext['t'], { kind, status }: ServiceView): string {
  if (kind === 'notifier' && status === 'online') return s('online');
  const key = `${kind === 'orchestrator' ? 'orchestrator' : 'status'}.${status}`;
  return Object.hasOwn(en, key) ? t(key as TextKey) : status;
}
