import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { ExitRequest } from './exit-request.ts';
import { flagName, readFlags } from './setting-flags.ts';
import { UsageError } from './usage-error.ts';

/** One setting. At least one of `flag` and `env`. */
export interface SettingEntry {
  /** Commander's notation: `--max-fps <fps>`, `--enable-control`. */
  flag?: string;
  /** Environment variable; for a secret `NAME_FILE` may name a file that holds it. The flag wins over the variable. */
  env?: string;
  /** From text (or `true` for a flag without a value) to the typed value: see `setting`. */
  schema: z.ZodType;
  /** Already typed; without one the setting is required unless the schema accepts `undefined`. */
  default?: unknown;
  describe: string;
  /** Never shown, not even its default. */
  secret?: boolean;
}

export type SettingsTable = Record<string, SettingEntry>;
export type SettingsOf<T extends SettingsTable> = { [K in keyof T]: z.output<T[K]['schema']> };
export type SettingSource = 'flag' | 'env' | 'file' | 'default';

export interface SettingsSpec<T extends SettingsTable = SettingsTable> {
  readonly name: string;
  readonly description: string;
  readonly table: T;
  /** Lines below the flags in the help. */
  readonly helpNotes: readonly string[];
}

export interface ParsedSettings<T extends SettingsTable> {
  values: SettingsOf<T>;
  /** Where each value came from; `file` is a secret's `*_FILE`. */
  sources: { [K in keyof T]: SettingSource };
}

/** The table of a service's settings. `name` is the command shown in the help, `helpNotes` are lines below it. */
export function defineSettings<const T extends SettingsTable>(
  name: string,
  description: string,
  table: T,
  helpNotes: readonly string[] = [],
): SettingsSpec<T> {
  return { name, description, table, helpNotes };
}

/**
 * Reads flags and environment once into one typed object. Empty variables count as unset.
 *
 * @param argv the arguments after the script's name (`process.argv.slice(2)`)
 * @throws UsageError `invalid_settings` that names every bad flag and variable and shows no value
 * @throws ExitRequest with code 0 after `--help` was printed
 */
export function parseSettings<T extends SettingsTable>(
  spec: SettingsSpec<T>,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): SettingsOf<T> {
  return parseSettingsWithSources(spec, argv, env).values;
}

/** Like `parseSettings`, and returns where each value came from (to report which flags a stored state overrides). */
export function parseSettingsWithSources<T extends SettingsTable>(
  spec: SettingsSpec<T>,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): ParsedSettings<T> {
  const flags = readFlags(spec, argv);
  if (flags.help !== undefined) {
    process.stdout.write(flags.help);
    throw new ExitRequest(0, 'help was shown');
  }
  const problems = [...flags.problems];
  const values: Record<string, unknown> = {};
  const sources: Record<string, SettingSource> = {};
  for (const [key, entry] of Object.entries(spec.table)) {
    const found = findValue(entry, flags.values[key], env);
    sources[key] = found.source;
    const checked = found.problem === undefined ? check(entry, found) : { problem: found.problem };
    if (checked.problem !== undefined) {
      problems.push(`${found.label} ${checked.problem}`);
    }
    values[key] = checked.value;
  }
  if (problems.length > 0) {
    throw new UsageError({
      code: 'invalid_settings',
      message: `${spec.name}: ${problems.join('; ')}.`,
      remedy: `See ${spec.name} --help.`,
    });
  }
  return { values, sources } as ParsedSettings<T>;
}

interface Found {
  value?: unknown;
  label: string;
  source: SettingSource;
  problem?: string;
}

function findValue(entry: SettingEntry, flagValue: string | boolean | undefined, env: NodeJS.ProcessEnv): Found {
  if (flagValue !== undefined) {
    return { value: flagValue, label: flagName(entry), source: 'flag' };
  }
  const name = entry.env;
  if (name !== undefined && (env[name] ?? '') !== '') {
    return { value: env[name], label: name, source: 'env' };
  }
  const file = name !== undefined && entry.secret === true ? env[`${name}_FILE`] : undefined;
  if (file !== undefined && file !== '') {
    return readSecret(`${name}_FILE`, file);
  }
  return { label: [flagName(entry), name].filter((part) => part).join(' or '), source: 'default' };
}

function readSecret(label: string, file: string): Found {
  try {
    return { value: readFileSync(file, 'utf8').replace(/\r?\n$/, ''), label, source: 'file' };
  } catch (error) {
    return {
      label,
      source: 'file',
      problem: `names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`,
    };
  }
}

function check(entry: SettingEntry, found: Found): { value?: unknown; problem?: string } {
  if (found.source === 'default' && entry.default !== undefined) {
    return { value: entry.default };
  }
  const result = entry.schema.safeParse(found.value);
  if (result.success) {
    return { value: result.data };
  }
  return found.source === 'default'
    ? { problem: 'must be given' }
    : { problem: result.error.issues.map((issue) => issue.message).join(', ') };
}
