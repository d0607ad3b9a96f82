import type { Command, Option } from 'commander';

/** Where in the tree of commands a line has come to. */
interface Place {
  readonly command: Command;
  /** The flag whose value comes next. */
  readonly flag: Option | undefined;
  /** Words since the last subcommand that are not flags. */
  readonly taken: number;
}

/**
 * What may stand where the last of `words` (perhaps empty) is being typed; pure. An empty list leaves it to the shell, which
 * offers files.
 * @param words the line after `vigilia`, the word under the cursor last
 */
export function complete(program: Command, words: readonly string[]): string[] {
  const current = words.at(-1) ?? '';
  const place = walk(program, words.slice(0, -1));
  return candidates(place, current)
    .filter((one) => one.startsWith(current))
    .sort();
}

function walk(program: Command, words: readonly string[]): Place {
  let place: Place = { command: program, flag: undefined, taken: 0 };
  for (const word of words) {
    place = step(place, word);
  }
  return place;
}

function step({ command, flag, taken }: Place, word: string): Place {
  if (flag !== undefined) return { command, flag: undefined, taken };
  if (word.startsWith('-')) {
    const option = command.options.find((one) => one.long === word || one.short === word);
    const takesValue = option !== undefined && (option.required || option.optional);
    return { command, flag: takesValue ? option : undefined, taken };
  }
  const next =
    taken === 0 ? command.commands.find((one) => one.name() === word || one.aliases().includes(word)) : undefined;
  return next === undefined
    ? { command, flag: undefined, taken: taken + 1 }
    : { command: next, flag: undefined, taken: 0 };
}

function candidates({ command, flag, taken }: Place, current: string): readonly string[] {
  if (flag !== undefined) return flag.argChoices ?? [];
  const help = command.createHelp();
  const { registeredArguments: args } = command;
  const argument = args[Math.min(taken, args.length - 1)];
  const values =
    argument !== undefined && (taken < args.length || argument.variadic) ? (argument.argChoices ?? []) : [];
  if (current.startsWith('-')) {
    const flags = help.visibleOptions(command).flatMap((option) => option.long ?? []);
    return [...flags, ...values.filter((value) => value.startsWith('-'))];
  }
  const subcommands = taken > 0 ? [] : help.visibleCommands(command).flatMap((one) => [one.name(), ...one.aliases()]);
  return [...subcommands, ...values.filter((value) => !value.startsWith('-'))];
}
