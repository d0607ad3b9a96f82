import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ServiceView } from '../../shared/system-view.ts';
import { usePage } from '../parts/context.ts';
import { clockTime } from '../texts/times.ts';
import { troublesOf } from './filter-troubles.ts';
import { serviceName } from './service-name.ts';
import { useSystemText } from './system-texts.ts';

/** The latest warnings and errors of the services' logs, newest first, of one service or of all. */
export function LogList({ services }: { readonly services: readonly ServiceView[] }): JSX.Element {
  const { language } = usePage();
  const s = useSystemText();
  const [service, setService] = useState('');
  const [level, setLevel] = useState('');
  const troubles = troublesOf(services, { service, level });
  return (
    <>
      <h2>{s('log.title')}</h2>
      <p class="quiet">{s('log.help')}</p>
      <div class="log-filter">
        <label class="field">
          <span>{s('log.service')}</span>
          <select value={service} onChange={(event) => setService(event.currentTarget.value)}>
            <option value="">{s('log.all')}</option>
            {services.map((one) => (
              <option key={one.id} value={one.id}>
                {serviceName(s, one)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{s('log.level')}</span>
          <select value={level} onChange={(event) => setLevel(event.currentTarget.value)}>
            <option value="">{s('log.all')}</option>
            <option value="error">{s('log.errors')}</option>
          </select>
        </label>
      </div>
      {troubles.length === 0 ? <p class="quiet">{s('log.none')}</p> : null}
      <ul class="log">
        {troubles.map(({ of, event, level: own, message, count, at }) => (
          <li key={`${of.id} ${event}`} data-level={own} data-event={event}>
            <b>{s(own)}</b> {clockTime(language, at, Date.now())} · {serviceName(s, of)} · <code>{event}</code>{' '}
            {count === 1 ? '' : s('log.count', { count })}
            <br />
            <span lang="en">{message}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
