import { type House, judgeSite, type ProcessorFinding, type SiteFinding } from '@vigilia/house';
import type { Finding } from '@vigilia/protocol';
import { serviceFinding, versionsFinding } from './service-findings.ts';

/** The health of a site at one moment, in words. */
export interface DescribedHealth {
  readonly findings: readonly Finding[];
  /** Whether more can be known after waiting. */
  readonly isComplete: boolean;
}

/**
 * Judges a site as the page does, and puts it into words.
 * @param nowMs epoch ms of the clock that `fold` is given
 */
export function siteHealth(house: House, nowMs: number): DescribedHealth {
  const { findings, undecided, unmeasured, isTooEarlyForReports } = judgeSite(house, nowMs);
  const isComplete = undecided.length === 0 && unmeasured.length === 0 && !isTooEarlyForReports;
  return { findings: findings.map(describe), isComplete };
}

function describe(finding: SiteFinding): Finding {
  switch (finding.about) {
    case 'orchestrator':
      return orchestratorFinding(finding);
    case 'notifier':
      return notifierFinding(finding);
    case 'processor':
      return processorFinding(finding);
    case 'room':
      return roomFinding(finding);
    case 'service':
      return serviceFinding(finding);
    case 'versions':
      return versionsFinding(finding);
    case 'site':
      return noRooms;
  }
}

type About<T extends SiteFinding['about']> = Extract<SiteFinding, { about: T }>;

function orchestratorFinding({ code, status }: About<'orchestrator'>): Finding {
  const check = 'orchestrator';
  if (code === undefined) return { check, result: 'ok', detail: 'acts on falls' };
  const detail = `${status ?? 'none has announced itself'}: a fall gives its room no processor of its own`;
  return { check, result: 'failed', code, detail, remedy: 'Start the orchestrator, and look into its log.' };
}

function notifierFinding({ code }: About<'notifier'>): Finding {
  const check = 'notifier';
  const remedy = 'Start the notifier, and look into its log.';
  if (code === undefined) return { check, result: 'ok', detail: 'notifies people of falls' };
  return code === 'notifier_offline'
    ? { check, result: 'failed', code, detail: 'offline: people are not notified of falls', remedy }
    : { check, result: 'warning', code, detail: 'none has announced itself', remedy };
}

function processorFinding(finding: ProcessorFinding): Finding {
  const { id, code, status, health, rooms } = finding;
  const check = `processor ${id}`;
  if (code === undefined) return { check, result: 'ok', detail: `runs with ${rooms} rooms` };
  if (code === 'processor_overloaded') return overloaded(check, finding);
  if (code === 'processor_unhealthy') {
    const remedy = 'Look into its log and at its metrics; fewer rooms or lower rates take load off it.';
    return { check, result: 'failed', code, detail: `reports ${health}`, remedy };
  }
  const remedy =
    status === 'paused'
      ? 'Resume it: send the command `resume`.'
      : 'Start it, and look into its log; where it will not return, give its rooms to another home.';
  return { check, result: 'failed', code, detail: status, remedy };
}

function overloaded(check: string, { load }: ProcessorFinding): Finding {
  const { skippedShare = 0, roomsTooMany = 0, rooms = 0 } = load ?? {};
  const percent = Math.round(skippedShare * 100);
  const tooMany = roomsTooMany === 0 ? '' : `, ${roomsTooMany} of its ${rooms} rooms are too many at these rates`;
  const move = `Move ${roomsTooMany} of its rooms to another home (vigilia room move)`;
  const lower = `ower the rates to ${100 - percent} % (set_fps), use a lighter model, or give the machine more CPU.`;
  return {
    check,
    result: 'warning',
    code: 'processor_overloaded',
    detail: `overloaded: ${percent} % of the analyses that are due are skipped${tooMany}`,
    remedy: roomsTooMany === 0 ? `L${lower}` : `${move}, l${lower}`,
    figures: { skipped_percent: percent, rooms_too_many: roomsTooMany },
  };
}

function roomFinding({ id, name, code, watch }: About<'room'>): Finding {
  const check = name === undefined ? `room ${id}` : `room ${id} (${name})`;
  if (code === undefined || watch === undefined) return { check, result: 'ok', detail: 'is watched' };
  const { condition, cause, unwatchedCause, since } = watch;
  const why = [cause ?? unwatchedCause, since === undefined ? undefined : `since ${since}`].filter(Boolean).join(', ');
  const detail = `${condition}${why === '' ? '' : ` (${why})`}: a fall would not be seen`;
  return { check, result: 'failed', code, detail, remedy: remedies[condition] ?? remedies.unwatched };
}

const remedies: Readonly<Record<string, string>> & { readonly unwatched: string } = {
  blind: 'Check its camera: vigilia doctor',
  paused: 'Resume the processor that monitors it.',
  unwatched: 'Look at the processor that should monitor it: vigilia rooms',
};

const noRooms: Finding = {
  check: 'rooms',
  result: 'failed',
  code: 'no_rooms',
  detail: 'no room is monitored',
  remedy: 'Start a processor with --streams, or name rooms in the policy.',
};
