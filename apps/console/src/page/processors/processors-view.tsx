import type { JSX } from 'preact';
import { may } from '../../shared/roles.ts';
import type { ProcessorView } from '../../shared/view.ts';
import { useLive, usePage } from '../parts/context.ts';
import { Fact } from '../parts/fact.tsx';
import type { TextKey } from '../texts/en.ts';
import { clockTime, rate } from '../texts/times.ts';
import { CommandPanel } from './command-panel.tsx';
import { useProcessorText } from './processor-texts.ts';
import { RecentCommands } from './recent-commands.tsx';

/** Which processor monitors what, how busy they are, and their commands. */
export function ProcessorsView(): JSX.Element {
  const { session } = usePage();
  const p = useProcessorText();
  const processors = useLive((state) => state.view.processors);
  const sorted = Object.values(processors).sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
  return (
    <section aria-labelledby="processors-title">
      <div class="view-head">
        <h1 id="processors-title">{p('processors.title')}</h1>
        <OrchestratorState />
      </div>
      {sorted.length === 0 ? <p class="empty">{p('processors.none')}</p> : null}
      <ul class="cards">
        {sorted.map((processor) => (
          <ProcessorCard key={processor.id} processor={processor} />
        ))}
      </ul>
      {may(session.role, 'configure') ? <CommandPanel processors={sorted} /> : null}
      <RecentCommands />
    </section>
  );
}

function OrchestratorState(): JSX.Element {
  const { t } = usePage();
  const orchestrator = useLive((state) => state.view.head.orchestrator);
  const key = `orchestrator.${orchestrator?.status ?? 'none'}` as TextKey;
  const away = orchestrator === undefined || orchestrator.status === 'offline';
  return (
    <p class={away ? 'quiet warn' : 'quiet'}>
      {t('orchestrator.label')}: {t(key)}
      {orchestrator?.note === undefined ? '' : ` · ${orchestrator.note}`}
    </p>
  );
}

function ProcessorCard({ processor }: { readonly processor: ProcessorView }): JSX.Element {
  const { t, language } = usePage();
  const p = useProcessorText();
  const { id, role, status, rooms, lastError, clockAheadSeconds } = processor;
  const away = status === 'offline';
  const remarks = away
    ? [p('processor.away', { time: clockTime(language, processor.at, Date.now()) })]
    : [
        ...(processor.health === undefined ? [] : [t(`health.${processor.health}`)]),
        ...(processor.control ? [] : [p('processor.no_control')]),
      ];
  return (
    <li class={`card status-${status}`} data-processor={id}>
      <h2>{id}</h2>
      <p class="quiet">
        <b class="state">{t(`status.${status}`)}</b> {[p(`processor.${role}`), ...remarks].join(' · ')}
      </p>
      {away ? null : <Load processor={processor} />}
      {away || rooms.length === 0 ? <p class="quiet">{p('processor.no_rooms')}</p> : <RoomList processor={processor} />}
      {clockAheadSeconds === undefined ? null : <ClockRemark aheadSeconds={clockAheadSeconds} />}
      {lastError === undefined ? null : (
        <p class="warn">
          {p('processor.error', { ...lastError, time: clockTime(language, lastError.at, Date.now()) })}
        </p>
      )}
    </li>
  );
}

function ClockRemark({ aheadSeconds }: { readonly aheadSeconds: number }): JSX.Element {
  const p = useProcessorText();
  const key = aheadSeconds < 0 ? 'processor.clock_behind' : 'processor.clock_ahead';
  return <p class="warn">{p(key, { seconds: Math.abs(aheadSeconds) })}</p>;
}

function Load({ processor }: { readonly processor: ProcessorView }): JSX.Element {
  const p = useProcessorText();
  const { cpuPercent, memoryMb, inferenceMs, modelId } = processor;
  return (
    <dl class="facts">
      <Fact label={p('processor.model')} value={modelId} />
      <Fact label={p('processor.inference')} value={inferenceMs === undefined ? undefined : `${inferenceMs} ms`} />
      <Fact label={p('processor.memory')} value={memoryMb === undefined ? undefined : `${memoryMb} MB`} />
      {cpuPercent === undefined ? null : (
        <div>
          <dt>{p('processor.cpu')}</dt>
          <dd>
            <meter min={0} max={100} low={70} high={90} optimum={0} value={Math.min(100, cpuPercent)}>
              {cpuPercent} %
            </meter>{' '}
            {cpuPercent} %
          </dd>
        </div>
      )}
    </dl>
  );
}

function RoomList({ processor: { rooms, modelId } }: { readonly processor: ProcessorView }): JSX.Element {
  const { t, language } = usePage();
  const p = useProcessorText();
  return (
    <ul class="room-list" aria-label={p('processor.rooms')}>
      {rooms.map((room) => (
        <li key={room.id} class={`stream-${room.state}`}>
          <a href={`#/rooms/${room.id}`}>{t('room.title', { id: room.id })}</a>{' '}
          <span class="quiet">
            {[
              rate(language, room.maxFps),
              ...(room.modelId === modelId ? [] : [room.modelId]),
              ...(room.state === 'watching' ? [] : [t(`stream.${room.state}`)]),
            ].join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Dedicated ones first while they are there; those that are offline last. */
function rank({ status, role }: ProcessorView): number {
  if (status === 'offline') return 2;
  return role === 'dedicated' ? 0 : 1;
}
