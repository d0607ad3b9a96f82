import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null, timedOut: boolean, output: string }} CommandResult */
/**
 * @typedef {{
 *   cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, until?: AbortSignal,
 *   show?: boolean, beside?: boolean, onLine?: ((line: string) => void) | undefined
 * }} CommandOptions `until`: the command is stopped when this is aborted. `show`: the command writes to the terminal itself; otherwise
 *   its output is collected, and `onLine` gets each whole line at once. `beside`: it and what it starts have the lowest priority
 */

const GRACE_MS = 5_000;
const KEPT_CHARACTERS = 200_000;

/**
 * Runs a command to its end. When this process is asked to stop meanwhile, the command is stopped first.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<CommandResult>} code null when a signal ended it or it could not be started (`output` has the reason)
 */
export function runCommand(command, args, options = {}) {
  const { cwd, env, timeoutMs, until, show = false, beside = false, onLine } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      detached: beside,
    });
    if (beside && child.pid !== undefined) {
      lowerPriority(child.pid);
    }
    let output = '';
    let timedOut = false;
    const collect = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk).slice(-KEPT_CHARACTERS);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    for (const stream of onLine ? [child.stdout, child.stderr] : []) {
      if (stream) {
        createInterface(stream).on('line', (line) => onLine?.(line));
      }
    }
    const stop = () => endChild(child);
    until?.addEventListener('abort', stop);
    const timer = setTimeout(
      () => {
        timedOut = true;
        stop();
      },
      timeoutMs ?? 2 ** 31 - 1,
    );
    const forget = passSignalsOn(child, stop);
    const finish = (/** @type {number | null} */ code, /** @type {NodeJS.Signals | null} */ signal) => {
      clearTimeout(timer);
      until?.removeEventListener('abort', stop);
      forget();
      resolve({ code, signal, timedOut, output });
    };
    child.once('error', (error) => {
      output = error.message;
      finish(null, null);
    });
    child.once('close', finish);
  });
}

/**
 * Linux weighs sessions first (autogroup), then the processes in each: a session of its own, of the lowest weight, gives way to
 * containers, too.
 * @param {number} pid of a process that leads its session
 */
function lowerPriority(pid) {
  setPriority(pid, constants.priority.PRIORITY_LOW);
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(constants.priority.PRIORITY_LOW));
  } catch {
    // this kernel weighs processes alone
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function endChild(child) {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {() => void} stop
 * @returns {() => void} takes the handlers away again
 */
function passSignalsOn(child, stop) {
  const onSignal = (/** @type {NodeJS.Signals} */ signal) => {
    stop();
    child.once('close', () => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
}

/**
 * @param {CommandResult} result
 * @returns {string} why a command failed, in one line: its last words
 */
export function lastOutput({ output, timedOut }) {
  if (timedOut) return 'it took too long and was ended';
  const lines = output.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !/A complete log of this run/.test(line)).at(-1) ?? 'it printed nothing';
}
