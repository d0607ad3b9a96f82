import { type ClipMode, channels, clipFrameLabel, clipPurpose, createTopics } from '@vigilia/protocol';
import { type Bus, ChannelBus, createSealer } from '@vigilia/service';
import { FakeClock, silentLogger } from '@vigilia/testing';
import { fakeSnapshot } from './fake-snapshots.ts';

export interface FakeClip {
  readonly incidentId: string;
  readonly mode: ClipMode;
  /** When each frame was sent, ISO 8601. */
  readonly at: readonly string[];
}

/** Answers requests for one clip as a processor of this name does; returns the ids of the requests that came. */
export async function serveClip(bus: Bus, instanceId: string, clip: FakeClip): Promise<string[]> {
  const { roots } = createTopics();
  const channelBus = new ChannelBus({ bus, roots, logger: silentLogger(), clock: new FakeClock() });
  const requests: string[] = [];
  await channelBus.subscribe(channels.clipRequest, async ({ value }) => {
    if (value?.incident_id !== clip.incidentId) return;
    requests.push(value.request_id);
    const sealer = createSealer(value.public_key, clipPurpose);
    for (const [index, at] of clip.at.entries()) {
      const shown = {
        request_id: value.request_id,
        instance_id: instanceId,
        incident_id: clip.incidentId,
        public_key: sealer.publicKey,
        index,
        count: clip.at.length,
        at,
        mode: clip.mode,
      };
      const jpeg = Buffer.from(fakeSnapshot(clip.mode === 'plain'), 'base64');
      const sealed = sealer.seal(index, jpeg, clipFrameLabel(shown));
      await channelBus.publish(channels.clipFrame, { instance_id: instanceId }, { ...shown, sealed });
    }
  });
  return requests;
}
