import type { TargetTest } from '@vigilia/notifier';
import { EXIT, systemClock } from '@vigilia/service';
import { type Command, Option } from 'commander';
import { printLine } from '../commands/with-bus.ts';

interface AlertsFlags {
  readonly alerts: string;
  readonly target?: string;
  readonly json?: boolean;
}

/** `alerts test`: whether the people whom an alarm should reach can be reached, without an alarm. */
export function addAlerts(program: Command): void {
  const alerts = program
    .command('alerts')
    .description('Alerts by webhook, ntfy and e-mail')
    .addHelpText('after', '\nExample:\n  vigilia alerts test --alerts alerts.yaml');
  alerts
    .command('test')
    .description('Send a test message through every target, and report for each whether it arrived')
    .addOption(new Option('--alerts <file>', 'the alerts file').env('ALERTS_FILE').makeOptionMandatory())
    .option('--target <name>', 'only this one')
    .option('--json', 'machine-readable output')
    .addHelpText(
      'after',
      '\nExamples:\n  vigilia alerts test --alerts alerts.yaml\n  vigilia alerts test --alerts alerts.yaml --target ward-phone --json',
    )
    .action(async (flags: AlertsFlags) => {
      const { loadAlerts, testTargets } = await import('@vigilia/notifier');
      const config = await loadAlerts(flags.alerts, process.env);
      const signal = new AbortController().signal;
      const results = await testTargets(config, { only: flags.target, clock: systemClock, signal });
      printLine(flags, results.map(lineOf).join('\n'), results);
      if (results.some((one) => !one.ok && one.code !== notTestable)) {
        process.exitCode = EXIT.failure;
      }
    });
}

/** Only the running notifier can send to it, which is not a failure of the target. */
const notTestable = 'not_testable';

function lineOf({ target, type, ok, ms, code, error, remedy }: TargetTest): string {
  const outcome = ok ? 'ok    ' : code === notTestable ? 'not tested' : 'FAILED';
  const head = `${outcome} ${target} (${type}, ${ms} ms)`;
  return ok ? head : `${head}: ${error} [${code}]\n       ${remedy}`;
}
