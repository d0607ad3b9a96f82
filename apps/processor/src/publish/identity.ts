import { randomUUID } from 'node:crypto';

/** Who this processor is. `instanceId` is also its MQTT client id; `rename_instance` changes it, nothing else does. */
export interface Identity {
  readonly instanceId: string;
  /** The name before the last `rename_instance`. */
  readonly renamedFrom: string | undefined;
  /** Random, per start: distinguishes the boots of a processor. */
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
  let former: string | undefined;
  return {
    get instanceId() {
      return current;
    },
    get renamedFrom() {
      return former;
    },
    bootId: randomUUID(),
    role: options.role,
    incidentId: options.incidentId,
    rename: (instanceId) => {
      if (instanceId !== current) {
        former = current;
      }
      current = instanceId;
    },
  };
}
