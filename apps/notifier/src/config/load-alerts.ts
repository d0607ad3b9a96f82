import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '@vigilia/service';
import { parse, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { type AlertsFile, alertsSchema, type TargetSettings } from './alerts-schema.ts';

/** What belongs to a target but is not in the file: its secret, and the authority of its server. */
export interface TargetSecrets {
  readonly secret?: string | undefined;
  readonly ca?: string | undefined;
}

export interface AlertsConfig {
  readonly file: AlertsFile;
  readonly secrets: Readonly<Record<string, TargetSecrets>>;
}

/**
 * Reads the alerts file and the secrets that it names; paths in it are relative to its own folder.
 *
 * @throws UsageError `alerts_file_unreadable`, `alerts_file_invalid`, `secret_unreadable`; every problem by the name of its
 * field, no value and no secret
 */
export async function loadAlerts(path: string, env: NodeJS.ProcessEnv): Promise<AlertsConfig> {
  const file = parseAlerts(await readText(path), path);
  const problems: string[] = [];
  const secrets: Record<string, TargetSecrets> = {};
  for (const [name, target] of Object.entries(file.targets)) {
    const read = new SecretReader(dirname(path), env, (field, problem) => {
      problems.push(`targets.${name}.${field} ${problem}`);
    });
    secrets[name] = await readSecrets(target, read);
  }
  if (problems.length > 0) {
    throw new UsageError({ code: 'secret_unreadable', message: `The alerts file ${path}: ${problems.join('; ')}.` });
  }
  return { file, secrets };
}

/** @throws UsageError `alerts_file_invalid` */
export function parseAlerts(text: string, path: string): AlertsFile {
  const refuse = (problem: string, cause?: unknown) =>
    new UsageError({
      code: 'alerts_file_invalid',
      message: `The alerts file ${path}: ${problem}.`,
      remedy: 'deploy/alerts.example.yaml is one that works; docs/alerts.md explains every field.',
      cause,
    });
  let value: unknown;
  try {
    value = parse(text, { prettyErrors: true });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    // The message of the parser shows the line itself, which may hold anything.
    throw refuse(`line ${error.linePos?.[0].line ?? '?'} is not YAML (${error.code.toLowerCase()})`);
  }
  const result = alertsSchema.safeParse(value);
  if (result.success) return result.data;
  throw refuse(result.error.issues.map(describe).join('; '));
}

function describe(issue: z.core.$ZodIssue): string {
  const field = issue.path.map(String).join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') return `${field} has unknown fields: ${issue.keys.join(', ')}`;
  return `${field}: ${issue.message.replace(/\.$/, '')}`;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError({
      code: 'alerts_file_unreadable',
      message: `The alerts file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      remedy: 'Give its path with --alerts or ALERTS_FILE; copy deploy/alerts.example.yaml to begin with.',
      cause,
    });
  }
}

class SecretReader {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #complain: (field: string, problem: string) => void;

  constructor(folder: string, env: NodeJS.ProcessEnv, complain: (field: string, problem: string) => void) {
    this.#folder = folder;
    this.#env = env;
    this.#complain = complain;
  }

  async file(field: string, path: string | undefined): Promise<string | undefined> {
    if (path === undefined) return undefined;
    try {
      const text = (await readFile(resolve(this.#folder, path), 'utf8')).trim();
      if (text === '') {
        this.#complain(field, 'names an empty file');
      }
      return text;
    } catch (error) {
      this.#complain(field, `names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`);
      return undefined;
    }
  }

  variable(field: string, name: string | undefined): string | undefined {
    if (name === undefined) return undefined;
    const value = this.#env[name];
    if (value === undefined || value === '') {
      this.#complain(field, 'names a variable that is not set');
    }
    return value;
  }
}

async function readSecrets(target: TargetSettings, read: SecretReader): Promise<TargetSecrets> {
  const secret = await readSecret(target, read);
  const ca = target.type === 'email' ? await read.file('ca_file', target.ca_file) : undefined;
  return { secret, ca };
}

async function readSecret(target: TargetSettings, read: SecretReader): Promise<string | undefined> {
  switch (target.type) {
    case 'webhook':
      return (await read.file('secret_file', target.secret_file)) ?? read.variable('secret_env', target.secret_env);
    case 'ntfy':
      return (await read.file('token_file', target.token_file)) ?? read.variable('token_env', target.token_env);
    case 'web_push':
      return undefined;
    case 'email':
    case 'espa-x':
      return (
        (await read.file('password_file', target.password_file)) ?? read.variable('password_env', target.password_env)
      );
    case 'espa':
      return undefined;
  }
}
