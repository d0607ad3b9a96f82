import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '@vigilia/protocol';
import { UsageError } from '@vigilia/service';
import { inputArgsOf, parseInputArgs } from './config/input-args-setting.ts';
import type { ProcessorConfig } from './config/processor-config.ts';
import { roomAddress } from './config/room-address.ts';
import { findModel } from './model/model-files.ts';
import { modelsNeeded, type StreamRules } from './reconcile/plan-change.ts';
import type { ProcessorSettings } from './settings.ts';
import { checkInputArgs } from './stream/input-args.ts';
import { parseStreamAddress } from './stream/parse-stream-address.ts';

/**
 * What all streams have in common.
 * @throws UsageError for a stream server or input arguments that are not allowed.
 */
export function streamRules(settings: ProcessorSettings): StreamRules {
  const { streamServer, mediaDir, frozenAfter: frozenAfterSeconds } = settings;
  const checkUri = (uri: string): void => void parseStreamAddress(uri, { mediaDir });
  const inputArgs = usage('--input-args', () => checkedInputArgs(settings.inputArgs));
  usage('--stream-server', () => checkServer(streamServer, mediaDir, checkUri));
  return { streamServer, checkUri, inputArgs, frozenAfterSeconds };
}

/**
 * Finds out before anything is started whether the models are there.
 * @throws UsageError `model_not_found`; the message lists the ids that exist.
 */
export function checkModels(config: ProcessorConfig, modelsDir: string): void {
  for (const modelId of modelsNeeded(config)) {
    usage(undefined, () => findModel(modelsDir, modelId));
  }
}

function checkedInputArgs(text: string): StreamRules['inputArgs'] {
  const parsed = parseInputArgs(text);
  for (const args of [parsed.all, ...parsed.byRoom.values()]) {
    checkInputArgs(args);
  }
  return (sourceId) => inputArgsOf(parsed, sourceId);
}

/** A room whose file is missing is a blind room, no reason not to start; one outside MEDIA_DIR could never be seen. */
function checkServer(streamServer: string, mediaDir: string | undefined, checkUri: (uri: string) => void): void {
  const address = roomAddress({ sourceId: 0 }, { streamServer });
  try {
    checkUri(address);
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== 'stream_unreachable') throw error;
    if (!isBelow(fileURLToPath(address), mediaDir ?? '')) {
      throw new CommandError('invalid_params', `Its files are outside MEDIA_DIR (${mediaDir}).`, { cause: error });
    }
  }
}

function isBelow(path: string, folder: string): boolean {
  return resolve(path).startsWith(`${resolve(folder).replace(/\/$/, '')}/`);
}

function usage<T>(flag: string | undefined, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    const message = flag === undefined ? cause.message : `vigilia processor: ${flag}: ${cause.message}`;
    const remedy =
      cause.code === 'model_not_found'
        ? 'Name one of them with --model, or put it there; --reset-state forgets a kept configuration.'
        : 'See vigilia processor --help.';
    throw new UsageError({ code: cause.code, message, remedy, cause });
  }
}
