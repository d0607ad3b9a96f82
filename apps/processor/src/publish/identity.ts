import { randomUUID } from 'node:crypto';

/** Who this processor is. `instanceId` is also its MQTT client id; `rename_instance` changes it, nothing else does. */
export interface Identity {
  readonly instanceId: string;
  /** Random, per start: tells the lives of a processor apart. */
  readonly bootId: string;
  readonly role: 'home' | 'dedicated';
  readonly incidentId: string | undefined;
  rename(instanceId: string): void;
}

export function createIdentity(options: {
  instanceId: string;
  role: 'home' | 'dedicated';
  incidentId?: string | undefined;
}): Identity {
  let current = options.instanceId;
  return {
    get instanceId() {
      return current;
    },
    bootId: randomUUID(),
    role: options.role,
    incidentId: options.incidentId,
    rename: (instanceId) => {
      current = instanceId;
    },
  };
}
