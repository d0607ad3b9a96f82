import { arch, cpus, loadavg, release, uptime } from 'node:os';
import type { House } from '@vigilia/house';
import { type Finding, withoutUndefined } from '@vigilia/protocol';
import { systemClock, version } from '@vigilia/service';
import type { BrokerConnectOptions } from '../client/connect.ts';
import { checkClock } from '../doctor/check-clock.ts';
import { checkDisk, checkDocker, checkFfmpeg, checkMemory } from '../doctor/check-machine.ts';

import { siteHealth } from '../health/site-health.ts';
import type { HeardSite } from '../health/watch-site.ts';
import { containerLogs, fileLogs } from './collect-logs.ts';
import { knownSecrets } from './known-secrets.ts';
import { readSettings, shownSettings } from './read-settings.ts';
import { Redaction } from './redaction.ts';

export interface SupportOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly envFiles: readonly string[];
  readonly logs: readonly string[];
  /** Lines of each log. */
  readonly lines: number;
  readonly dataDir: string;
  readonly broker: BrokerConnectOptions;
  /** What was heard of the site, or why nothing was. */
  readonly site: HeardSite | Error;
}

/** Collects what helps to find a fault, without secrets and names: texts by their name in the bundle. */
export async function collectSupport(options: SupportOptions): Promise<ReadonlyMap<string, string>> {
  const settings = await readSettings(options.env, options.envFiles);
  const redaction = new Redaction(await knownSecrets(settings));
  const containers = await containerLogs(options.lines);
  const logs = [...(await fileLogs(options.logs, options.lines)), ...(containers ?? [])];
  const machine = await checkMachine(options);
  return new Map([
    ['versions.json', redaction.json(versions())],
    ['settings.json', redaction.json(shownSettings(settings))],
    ['machine.json', redaction.json(machine)],
    ...siteTexts(options.site, redaction),
    ...logs.map(({ name, lines }, index): [string, string] => [`logs/${index + 1}-${name}`, redaction.log(lines)]),
    ['missing.json', redaction.json(missing(options, containers === undefined))],
  ]);
}

function versions(): object {
  const at = new Date(systemClock.now()).toISOString();
  const processors = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
  return { vigilia: version, node: process.versions.node, system: release(), arch: arch(), processors, at };
}

async function checkMachine({ dataDir, broker }: SupportOptions): Promise<object> {
  const checks: (Finding | Promise<Finding>)[] = [
    checkDisk(dataDir),
    checkMemory(),
    checkClock(broker),
    checkDocker(),
    checkFfmpeg(),
  ];
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    uptime_seconds: Math.round(uptime()),
    load: loadavg(),
    time_zone: zone,
    findings: await Promise.all(checks),
  };
}

function siteTexts(site: HeardSite | Error, redaction: Redaction): [string, string][] {
  if (site instanceof Error) return [];
  const { house, nowMs } = site;
  const findings = siteHealth(house, nowMs).findings.map((each) => ({ ...each, check: withoutName(each.check) }));
  return [
    ['statuses.json', redaction.json(statuses(house))],
    ['findings.json', redaction.json(findings)],
  ];
}

function statuses({ processors, orchestrator, notifier, metrics }: House): object {
  return { processors: [...processors.values()], orchestrator, notifier, metrics: [...metrics.values()] };
}

/** The check of a room names it by number only: names of rooms may be those of people. */
function withoutName(check: string): string {
  return check.replace(/^(room \d+) \(.*\)$/s, '$1');
}

function missing({ site, logs }: SupportOptions, noEngine: boolean): object {
  return withoutUndefined({
    site: site instanceof Error ? site.message : undefined,
    logs: noEngine && logs.length === 0 ? 'no Docker engine answered, and no --log was given' : undefined,
  });
}
