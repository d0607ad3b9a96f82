import { Argument, type Command } from 'commander';
import { complete } from '../completion/complete.ts';
import { completionScripts, type ShellName, shells } from '../completion/scripts.ts';

/** `completion SHELL` prints the script for the shell; `__complete` is what it then asks for each word. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('Print the completion of commands and flags for a shell')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      `
Examples:
  source <(vigilia completion bash)                  this shell; put it into ~/.bashrc for all
  vigilia completion zsh > ~/.zfunc/_vigilia         a folder of $fpath
  vigilia completion fish > ~/.config/fish/completions/vigilia.fish`,
    )
    .action((shell: ShellName) => {
      process.stdout.write(completionScripts[shell]);
    });
  program
    .command('__complete [words...]', { hidden: true })
    .allowUnknownOption()
    .helpOption(false)
    .passThroughOptions()
    .action((words: string[]) => {
      process.stdout.write(
        complete(program, words)
          .map((one) => `${one}\n`)
          .join(''),
      );
    });
}
