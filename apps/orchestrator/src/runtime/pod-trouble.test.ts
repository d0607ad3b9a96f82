import { podTrouble } from './pod-trouble.ts';

const waiting = (reason: string) => ({
  status: {
    containerStatuses: [
      {
        name: 'p',
        image: 'i',
        imageID: '',
        ready: false,
        restartCount: 0,
        state: { waiting: { reason, message: 'why' } },
      },
    ],
  },
});

test.each([
  [waiting('ImagePullBackOff'), 'image_missing'],
  [waiting('CreateContainerConfigError'), 'refused'],
  [waiting('CrashLoopBackOff'), 'failed'],
  [waiting('ContainerCreating'), undefined],
  [{ status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] } }, 'no_resources'],
  [{ status: { phase: 'Failed' } }, 'failed'],
])('what %j means for a Pod that does not run: %s', (pod, code) => {
  expect(podTrouble(pod)?.code).toBe(code);
});
