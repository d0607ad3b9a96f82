import type { V1Pod } from '@kubernetes/client-node';
import { RuntimeError, type RuntimeErrorCode } from './runtime.ts';

const codes: Readonly<Record<string, RuntimeErrorCode>> = {
  ErrImagePull: 'image_missing',
  ErrImageNeverPull: 'image_missing',
  ImagePullBackOff: 'image_missing',
  InvalidImageName: 'image_missing',
  CreateContainerConfigError: 'refused',
  CreateContainerError: 'failed',
  RunContainerError: 'failed',
  CrashLoopBackOff: 'failed',
};

/** Why a Pod does not run and will not soon; undefined while it may still start. */
export function podTrouble(pod: V1Pod): RuntimeError | undefined {
  const unscheduled = pod.status?.conditions?.find(
    ({ type, status, reason }) => type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
  );
  if (unscheduled !== undefined) {
    return new RuntimeError('no_resources', unscheduled.message ?? 'no node can take the Pod');
  }
  if (pod.status?.phase === 'Failed') {
    return new RuntimeError('failed', pod.status.message ?? pod.status.reason ?? 'the Pod failed at once');
  }
  const waiting = pod.status?.containerStatuses?.[0]?.state?.waiting;
  const code = codes[waiting?.reason ?? ''];
  return code === undefined
    ? undefined
    : new RuntimeError(code, `${waiting?.reason}: ${waiting?.message ?? pod.spec?.containers[0]?.image}`);
}
