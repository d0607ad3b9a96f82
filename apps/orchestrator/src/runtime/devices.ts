/**
 * Devices of the host that a dedicated processor may be given: `dri` are the graphics devices under /dev/dri (Intel, AMD; VA-API,
 * Quick Sync, WebGPU), `nvidia` is one NVIDIA card through its container runtime.
 */
export const deviceNames = ['dri', 'nvidia'] as const;
export type DeviceName = (typeof deviceNames)[number];

const dri = { PathOnHost: '/dev/dri', PathInContainer: '/dev/dri', CgroupPermissions: 'rw' };
const nvidia = { Driver: 'nvidia', Count: 1, Capabilities: [['gpu', 'compute', 'utility', 'video']] };

/** Of `HostConfig` in the Docker API: `Devices` and `DeviceRequests`. */
export const dockerDevices = { dri: [dri], nvidia: [nvidia] } as const;

/** Of a swarm's `Resources.Reservations.GenericResources`: its nodes must advertise them. A swarm has no devices by path. */
export const swarmGpus = [{ DiscreteResourceSpec: { Kind: 'NVIDIA-GPU', Value: 1 } }] as const;

/** Resource limits of a Pod, by the names that the device plugins of Intel and NVIDIA give. */
export const podDevices: Readonly<Record<DeviceName, string>> = { dri: 'gpu.intel.com/i915', nvidia: 'nvidia.com/gpu' };
