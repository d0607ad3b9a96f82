import { type SettingOwner, withoutUndefined } from '@vigilia/protocol';
import type { Clock, Logger } from '@vigilia/service';
import { initialConfig, type ProcessorConfig, type RoomConfig } from './config/processor-config.ts';
import { roomSettingOf } from './config/room-setting.ts';
import { ownedBy, withSettings } from './config/setting-owners.ts';
import type { ProcessorSettings, SettingSources } from './settings.ts';
import { overriddenFlags } from './state/overridden-flags.ts';
import type { StateFile } from './state/state-file.ts';

/** What a processor starts with, and where it has it from. */
export interface InitialState {
  readonly config: ProcessorConfig;
  readonly instanceId: string;
  readonly source: 'flags' | 'state';
}

/** Returns the configuration that the flags ask for. @param nowMs wall clock */
function configFromFlags(settings: ProcessorSettings, nowMs: number): ProcessorConfig {
  const { model: modelId, maxFps, confidence, tracking, decode } = settings;
  const defaults = { modelId, maxFps, confidence, tracking, decode };
  const owner: SettingOwner = { by: 'flags', at: new Date(nowMs).toISOString() };
  const setBy = ownedBy(owner, defaults);
  const config = initialConfig(defaults, settings.streams, { setBy: { ...setBy, stream: owner } });
  return { ...config, setBy, rooms: config.rooms.map((room) => withCameraFlags(room, settings, owner)) };
}

function withCameraFlags(room: RoomConfig, settings: ProcessorSettings, owner: SettingOwner): RoomConfig {
  const { sourceId } = room;
  const aspect = roomSettingOf(settings.aspect, sourceId);
  const rotate = roomSettingOf(settings.rotate, sourceId);
  const camera: Partial<RoomConfig> = withoutUndefined({
    singleSession: settings.singleSession.includes(sourceId),
    aspect,
    rotate,
  });
  return withSettings(room, camera, owner);
}

/** The kept configuration wins over the flags; each flag that loses is logged by name. */
export async function loadInitialState(options: {
  settings: ProcessorSettings;
  sources: SettingSources;
  stateFile: StateFile | undefined;
  logger: Logger;
  clock: Clock;
}): Promise<InitialState> {
  const { settings, sources, stateFile, logger, clock } = options;
  const flags = configFromFlags(settings, clock.now());
  if (settings.resetState) {
    await stateFile?.reset();
  }
  const loaded = await stateFile?.load();
  if (loaded === undefined) return { config: flags, instanceId: settings.instanceId, source: 'flags' };
  const given = givenFlags(sources);
  for (const { flag, given: value, stored } of overriddenFlags(flags, loaded.config, (name) => given.has(name))) {
    logger.warn({ event: 'flag_overridden', flag, given: value, stored }, 'the kept configuration wins over a flag');
  }
  if (loaded.instanceId !== settings.instanceId) {
    const names = { given: settings.instanceId, stored: loaded.instanceId };
    logger.warn(
      { event: 'flag_overridden', flag: '--instance-id', ...names },
      'renamed: the kept name wins over a flag',
    );
  }
  return { ...loaded, source: 'state' };
}

function givenFlags(sources: SettingSources): ReadonlySet<string> {
  const byFlag = {
    '--streams': sources.streams,
    '--model': sources.model,
    '--max-fps': sources.maxFps,
    '--confidence': sources.confidence,
    '--tracking': sources.tracking,
    '--decode': sources.decode,
  };
  return new Set(Object.entries(byFlag).flatMap(([flag, source]) => (source === 'default' ? [] : [flag])));
}
