import type { Logger } from '@vigilia/service';
import type { DecoderPreset } from './decoder-preset.ts';
import { presetArgs } from './decoder-preset.ts';
import type { StreamProcess, StreamProcessEvents } from './restarting-process.ts';
import type { StreamSpec } from './stream-spec.ts';

type OpenProcess = (spec: StreamSpec, events: StreamProcessEvents) => Promise<StreamProcess>;

export interface DecoderFallbackOptions {
  readonly preset: DecoderPreset;
  readonly open: OpenProcess;
  readonly logger: Logger;
}

/** What is known of the decoder for a camera: `suspected` since a process ended without a frame, `left` when the CPU then gave one. */
type Verdict = 'trusted' | 'suspected' | 'left';

const decoderOptions = ['-hwaccel', '-c:v'];

/**
 * Opens cameras with the preset's decoder. Where a process ends without a frame, the next one decodes on the CPU: if that gives a frame,
 * the decoder was at fault and is left for this camera until the processor starts again; if not, the camera was, and the decoder
 * is tried again. Rooms whose own arguments name a decoder are opened as they are.
 */
export function withDecoder({ preset, open, logger }: DecoderFallbackOptions): OpenProcess {
  if (preset === 'cpu') return open;
  const verdicts = new Map<string, Verdict>();
  return async (spec, events) => {
    if (spec.inputArgs.some((arg) => decoderOptions.includes(arg))) return open(spec, events);
    const { address, sourceId } = spec;
    const verdict = verdicts.get(address) ?? 'trusted';
    let isDecided = verdict === 'left';
    const onFrame: StreamProcessEvents['onFrame'] = (data, info) => {
      if (!isDecided && verdict === 'suspected') {
        verdicts.set(address, 'left');
        const message = 'the decoder gives no frame of this camera; the room is decoded on the CPU';
        logger.warn({ event: 'decoder_left', source_id: sourceId, decoder: preset }, message);
      }
      isDecided = true;
      events.onFrame(data, info);
    };
    const onNoFrame = (): void => {
      if (!isDecided) {
        verdicts.set(address, verdict === 'trusted' ? 'suspected' : 'trusted');
      }
      isDecided = true;
    };
    const onEnd: StreamProcessEvents['onEnd'] = (trouble) => {
      onNoFrame();
      events.onEnd(trouble);
    };
    const inputArgs = verdict === 'trusted' ? [...presetArgs[preset], ...spec.inputArgs] : spec.inputArgs;
    const process = await open({ ...spec, inputArgs }, { ...events, onFrame, onEnd });
    const stop = process.stop.bind(process);
    process.stop = (session) => {
      // one that was silent is stopped; one that is not needed any more only leaves
      if (session === 'reconnect') {
        onNoFrame();
      }
      return stop(session);
    };
    return process;
  };
}
