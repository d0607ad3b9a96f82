import { withoutUndefined } from '@vigilia/protocol';
import { Command, Option } from 'commander';
import type { SettingEntry, SettingsSpec } from './settings.ts';

/** What the command line holds, keyed like the table. */
export interface ReadFlags {
  values: Record<string, string | boolean | undefined>;
  /** Unknown flags and words that belong to no flag. */
  problems: string[];
  /** The help text, when it was asked for. */
  help?: string;
}

/** The flag's name without its argument: `--max-fps`; empty text for a setting that has no flag. */
export function flagName(entry: SettingEntry): string {
  return /--[a-z0-9-]+/.exec(entry.flag ?? '')?.[0] ?? '';
}

/** Reads a command line against a table of settings. Does not check values and never throws for a user's mistake. */
export function readFlags(spec: SettingsSpec, argv: readonly string[]): ReadFlags {
  const shown = new Map<Option, string>();
  const program = new Command(spec.name)
    .description(spec.description)
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .exitOverride()
    .configureHelp({ optionTerm: (option) => shown.get(option) ?? option.flags, helpWidth: 120 });
  const keys = new Map<string, string>();
  for (const [key, entry] of Object.entries(spec.table)) {
    if (entry.flag !== undefined) {
      // an argument that is missing is reported with all other mistakes, so commander must not insist on it
      const option = new Option(entry.flag.replace(/<(.+)>/, '[$1]'), describeEntry(entry));
      shown.set(option, entry.flag);
      keys.set(key, option.attributeName());
      program.addOption(option);
    }
  }
  program.addOption(new Option('-h, --help', 'show this help'));
  program.parse(joinDashedValues(spec, argv), { from: 'user' });
  const options = program.opts<Record<string, string | boolean | undefined>>();
  const values = Object.fromEntries([...keys].map(([key, attribute]) => [key, options[attribute]]));
  const problems = program.args.map((word) =>
    word.startsWith('-') ? `${word.split('=')[0]} is not a known flag` : 'there is a word that belongs to no flag',
  );
  return withoutUndefined({
    values,
    problems: [...new Set(problems)],
    help: options.help === true ? helpText(program, spec) : undefined,
  });
}

/**
 * `--input-args "-hwaccel vaapi"` → `--input-args=-hwaccel vaapi`: a word with a single dash that follows a flag with a value is that
 * value, never a flag (all flags of Vigilia have two dashes, but for `-h`).
 */
function joinDashedValues(spec: SettingsSpec, argv: readonly string[]): string[] {
  const valued = new Set(
    Object.values(spec.table).flatMap((entry) => (entry.flag?.includes('<') ? flagName(entry) : [])),
  );
  const words: string[] = [];
  for (const word of argv) {
    const before = words.at(-1);
    const isValue = /^-(?!-|h$)./.test(word) && before !== undefined && valued.has(before);
    if (isValue) {
      words[words.length - 1] = `${before}=${word}`;
    } else {
      words.push(word);
    }
  }
  return words;
}

function describeEntry(entry: SettingEntry): string {
  const shownDefault =
    entry.default === undefined || entry.secret === true || entry.default === false || entry.default === ''
      ? ''
      : ` (default ${String(entry.default)})`;
  const env = entry.env === undefined ? '' : ` [${entry.env}${entry.secret === true ? `, ${entry.env}_FILE` : ''}]`;
  return `${entry.describe}${shownDefault}${env}`;
}

function helpText(program: Command, spec: SettingsSpec): string {
  const hidden = Object.values(spec.table).filter((entry) => entry.flag === undefined && entry.env !== undefined);
  const variables = hidden.map(
    (entry) => `  ${entry.env}${entry.secret === true ? ` or ${entry.env}_FILE` : ''}  ${entry.describe}`,
  );
  return (
    program.helpInformation() +
    (variables.length > 0 ? `\nOnly from the environment:\n${variables.join('\n')}\n` : '') +
    (spec.helpNotes.length > 0 ? `\n${spec.helpNotes.join('\n')}\n` : '')
  );
}
