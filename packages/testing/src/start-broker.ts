import { type EmbeddedBroker, startEmbeddedBroker } from '@vigilia/service/embedded-broker';

/** The embedded broker (MQTT 3.1.1) on a free port; give `port` to start it again where it was. */
export function startBroker(options: { port?: number } = {}): Promise<EmbeddedBroker> {
  return startEmbeddedBroker(options);
}
