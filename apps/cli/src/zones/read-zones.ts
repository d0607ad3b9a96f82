import { readFileSync } from 'node:fs';
import {
  describeZoneProblem,
  withoutUndefined,
  type Zone,
  type ZoneKind,
  zoneKinds,
  zoneProblems,
  zonesSchema,
} from '@vigilia/protocol';
import { UsageError } from '@vigilia/service';
import { parse } from 'yaml';

/**
 * The zones of a YAML or JSON file: a list of `{kind, points, name?}`, or that list under `zones`.
 * @throws UsageError `zones_unreadable`, or `invalid_params` naming the field at fault.
 */
export function zonesOfFile(file: string): Zone[] {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const message = `The zones file ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`;
    throw new UsageError({ code: 'zones_unreadable', message, remedy: 'Give a YAML or JSON file.', cause });
  }
  const list = Array.isArray(content) ? content : (content as { zones?: unknown } | null)?.zones;
  return checkZones(list, file);
}

/**
 * A zone as it is written on a command line: `bed:0.1,0.2 0.4,0.2 0.4,0.6`, or with a name `bed=Window bed:…`.
 * @throws UsageError `invalid_params`
 */
export function zoneOfText(text: string): Zone {
  const [, kind = '', name, corners = ''] = /^([a-z_]+)(?:=([^:]*))?:(.*)$/s.exec(text) ?? [];
  const points = corners
    .trim()
    .split(/\s+/)
    .map((corner) => corner.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part))));
  const known = (zoneKinds as readonly string[]).includes(kind);
  if (!known || points.some((point) => point.length !== 2 || point.some(Number.isNaN))) {
    throw new UsageError({
      code: 'invalid_params',
      message: `--zone "${text}" is not of the form kind:x,y x,y x,y.`,
      remedy: `Kinds are ${zoneKinds.join(', ')}; x and y are shares (0 to 1) of the picture: "bed:0.1,0.2 0.4,0.2 0.4,0.6".`,
    });
  }
  const zone = withoutUndefined({
    kind: kind as ZoneKind,
    points,
    name: name === undefined || name === '' ? undefined : name,
  });
  return checkZones([zone], `--zone "${text}"`)[0] as Zone;
}

/**
 * Returns zones whose shapes can be set, as they are.
 * @throws UsageError `invalid_params` naming the place where a zone crosses itself or two zones overlap
 */
export function checkShapes(zones: Zone[]): Zone[] {
  const [problem] = zoneProblems(zones);
  if (problem === undefined) return zones;
  throw new UsageError({
    code: 'invalid_params',
    message: describeZoneProblem(problem, zones),
    remedy:
      'Positions are shares (0 to 1) of the frame, from its left upper corner. The page of the room marks the place.',
  });
}

function checkZones(list: unknown, where: string): Zone[] {
  const checked = zonesSchema.safeParse(list);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw new UsageError({
    code: 'invalid_params',
    message: `${where}: ${['zones', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'is not valid'}.`,
    remedy: 'A zone has a kind, at least three points with x and y from 0 to 1, and may have a name.',
  });
}
