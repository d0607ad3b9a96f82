import '../styles/system.css';
import type { SiteFinding } from '@vigilia/house';
import type { JSX } from 'preact';
import type { CertificateView, SystemView } from '../../shared/system-view.ts';
import { usePage } from '../parts/context.ts';
import { clockDay, clockTime } from '../texts/times.ts';
import { AlertTargets } from './alert-targets.tsx';
import { findingWords } from './finding-words.ts';
import { LogList } from './log-list.tsx';
import { Records } from './records.tsx';
import { ServiceList } from './service-list.tsx';
import { useSystemText } from './system-texts.ts';
import { useSystem } from './use-system.ts';

/** Whether each part of the system works, and what to do where one does not: for technicians. */
export function SystemPage(): JSX.Element {
  const s = useSystemText();
  const { view, trouble } = useSystem();
  return (
    <section class="system" aria-labelledby="system-title">
      <div class="view-head">
        <h1 id="system-title">{s('title')}</h1>
      </div>
      <p role="status" class="trouble">
        {trouble}
      </p>
      {view === undefined && trouble === '' ? <p class="empty">{s('loading')}</p> : null}
      {view === undefined ? null : <Parts view={view} />}
    </section>
  );
}

function Parts({ view }: { readonly view: SystemView }): JSX.Element {
  const s = useSystemText();
  return (
    <>
      <Findings view={view} />
      <h2>{s('services.title')}</h2>
      <ServiceList services={view.services} />
      <p class="quiet">{s('services.restart')}</p>
      <Broker broker={view.broker} />
      <AlertTargets targets={view.alertTargets} />
      <Records records={view.records} />
      <Certificates view={view} />
      <LogList services={view.services} />
    </>
  );
}

function Findings({ view: { findings, broker } }: { readonly view: SystemView }): JSX.Element {
  const s = useSystemText();
  return (
    <>
      <h2>{s('faults.title')}</h2>
      {broker.connected ? null : <p class="warn">{s('faults.unknown')}</p>}
      {broker.connected && findings.length === 0 ? <p class="quiet">{s('faults.none')}</p> : null}
      {findings.length === 0 ? null : (
        <ul class="findings">
          {findings.map((finding) => (
            <Finding key={JSON.stringify(keyOf(finding))} finding={finding} />
          ))}
        </ul>
      )}
    </>
  );
}

/** A service may have several findings of one kind, such as two disks. */
function keyOf(finding: SiteFinding): readonly unknown[] {
  const of = finding as { readonly id?: unknown; readonly folder?: string; readonly target?: string };
  return [finding.about, finding.code, of.id, of.folder, of.target];
}

function Finding({ finding }: { readonly finding: SiteFinding }): JSX.Element | null {
  const { t, language } = usePage();
  const s = useSystemText();
  const words = findingWords(s, { t, language }, finding);
  if (words === undefined || finding.result === 'ok') return null;
  const { what, remedy, href } = words;
  return (
    <li class={`card finding-${finding.result}`} data-code={finding.code}>
      <p>
        <b>{s(finding.result)}:</b> {what}
      </p>
      <p>{href === undefined ? remedy : <a href={href}>{remedy}</a>}</p>
    </li>
  );
}

function Broker({ broker: { connected, since } }: Pick<SystemView, 'broker'>): JSX.Element {
  const { language } = usePage();
  const s = useSystemText();
  const key = connected ? 'broker.connected' : 'broker.away';
  return (
    <>
      <h2>{s('broker.title')}</h2>
      <p class={connected ? undefined : 'warn'} data-broker={connected ? 'connected' : 'away'}>
        {s(key, { time: clockTime(language, since, Date.now()) })}
      </p>
    </>
  );
}

function Certificates({ view: { tls, certificates } }: { readonly view: SystemView }): JSX.Element {
  const s = useSystemText();
  return (
    <>
      <h2>{s('certificates.title')}</h2>
      {tls ? (
        <ul class="findings">
          {certificates.map((one) => (
            <Certificate key={one.what} certificate={one} />
          ))}
        </ul>
      ) : (
        <p class="quiet">{s('certificates.none')}</p>
      )}
    </>
  );
}

function Certificate({ certificate }: { readonly certificate: CertificateView }): JSX.Element {
  const { language } = usePage();
  const s = useSystemText();
  const { what, state, expiresAt, daysLeft } = certificate;
  const values = { day: clockDay(language, expiresAt), days: daysLeft };
  return (
    <li data-certificate={what} data-state={state} class={state === 'valid' ? undefined : 'warn'}>
      {s(what)}: {s(state === 'expired' ? 'expired.days' : 'valid.days', values)}
      {state === 'valid' ? null : ` ${s(`${what}.do`)}`}
    </li>
  );
}
