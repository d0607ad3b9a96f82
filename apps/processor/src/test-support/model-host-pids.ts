import { readFileSync } from 'node:fs';

/** Pids of the model hosts of this process. */
export function modelHostPids(): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return children.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('model-host-main');
    } catch {
      return false; // gone meanwhile
    }
  });
}
