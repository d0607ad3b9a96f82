import { CommandError, type CommandName, commandNames, parseCommand } from '@vigilia/protocol';
import { captureLogger, FakeClock } from '@vigilia/testing';
import { initialConfig } from '../config/processor-config.ts';
import { ProcessorCommands, type ProcessorCommandsOptions } from './processor-commands.ts';

const settings = { modelId: 'm', maxFps: 0.1, confidence: 0.3, tracking: true, decode: 'auto' } as const;
const sourceId = { source_id: 0 };

/** Parameters with which each command is valid. */
const params: Readonly<Record<CommandName, Readonly<Record<string, unknown>>>> = {
  restart: {},
  change_model: { model_id: 'n' },
  set_fps: { max_fps: 1 },
  add_stream: sourceId,
  remove_stream: sourceId,
  change_stream_uri: { ...sourceId, uri: 'rtsp://camera/1' },
  set_confidence: { confidence: 0.5 },
  enable_tracking: { enabled: false },
  set_zones: { ...sourceId, zones: [] },
  set_camera: { ...sourceId, rotate: 90 },
  set_decode: { mode: 'full' },
  reconfigure: { changes: { max_fps: 1 } },
  batch_commands: { commands: [{ command: 'restart' }] },
  pause: {},
  resume: {},
  stop: {},
  status: {},
  metrics: {},
  ping: {},
  snapshot: sourceId,
  rename_instance: { new_instance_id: 'processor-a' },
};

/** The commands over parts that all do their work, or all fail. */
function commandsOver(work: () => void) {
  const { logger, lines } = captureLogger();
  const commands = new ProcessorCommands({
    reconciler: { config: initialConfig(settings, [0]), paused: false, pause: work, resume: work },
    changes: { run: async () => work() },
    board: { publish: work, set: work, setRunningOrPaused: work },
    metrics: { report: work },
    snapshots: { run: async () => work() },
    rename: { identity: { instanceId: 'processor-a' }, peers: { isTaken: () => true } },
    clock: new FakeClock(),
    logger,
    requestExit: () => undefined,
  } as unknown as ProcessorCommandsOptions);
  const run = (name: CommandName, given = params[name]) =>
    commands.run(
      {
        name,
        command: parseCommand(name, given),
        commandId: 'c-1',
        traceId: 't-1',
        receivedAs: 'processor-a',
        author: { by: 'operator' },
      },
      new AbortController().signal,
    );
  return { run, lines };
}

describe('the log of a command, which dashboards and people search by its name', () => {
  it.each(commandNames)('%s: a start and an end, with the ids of the command', async (name) => {
    const { run, lines } = commandsOver(() => undefined);
    await run(name);
    expect(lines.map(({ event }) => event)).toEqual([`${name}_command_start`, `${name}_completed`]);
    for (const line of lines) {
      expect(line).toMatchObject({ command_id: 'c-1', trace_id: 't-1' });
    }
  });

  it.each(commandNames)('%s: that it failed, with the code', async (name) => {
    const { run, lines } = commandsOver(() => {
      throw new CommandError('timeout', 'it took too long');
    });
    const given = name === 'rename_instance' ? { new_instance_id: 'processor-b' } : params[name];
    await expect(run(name, given)).rejects.toThrow();
    expect(lines.map(({ event }) => event)).toEqual([`${name}_command_start`, `${name}_failed`]);
    expect(lines[1]).toMatchObject({ level: 'WARN', error_code: expect.stringMatching(/^(timeout|invalid_params)$/) });
  });
});
