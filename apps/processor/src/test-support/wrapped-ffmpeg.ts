import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import type { TempFolder } from '@vigilia/testing';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';

/** Writes a program that does something before it becomes ffmpeg: lines of bash, in which `args` are ffmpeg's arguments. */
export async function wrappedFfmpeg(folder: Pick<TempFolder, 'file'>, lines: string): Promise<string> {
  const program = folder.file(`ffmpeg-${randomUUID()}`);
  await writeFile(program, `#!/bin/bash\nargs=("$@")\n${lines}\nexec '${findFfmpeg()}' "\${args[@]}"\n`);
  await chmod(program, 0o755);
  return program;
}

/** An ffmpeg of which it is known how often it was started: `pids` returns the process ids in their order. */
export async function countedFfmpeg(
  folder: Pick<TempFolder, 'file'>,
  lines = '',
): Promise<{ readonly ffmpeg: string; readonly pids: () => number[] }> {
  const file = folder.file(`pids-${randomUUID()}`);
  const ffmpeg = await wrappedFfmpeg(folder, `echo $$ >> '${file}'\n${lines}`);
  const text = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  return { ffmpeg, pids: () => text().split('\n').filter(Boolean).map(Number) };
}

/** Lines of bash for `wrappedFfmpeg`: a decoder of single keyframes gives its first frame, and no other one. */
export const oneKeyframeOnly = `
if [[ "$*" == *"-flags low_delay -threads 1 "* && "$*" != *"prev_selected_pts"* ]]; then
  for index in "\${!args[@]}"; do
    if [[ "\${args[$index]}" == -vf ]]; then
      args[$((index + 1))]="select='lt(n\\,1)',\${args[$((index + 1))]}"
    fi
  done
fi
`;

/** Lines of bash for `wrappedFfmpeg`: a decoder of the past takes packets and gives nothing, as one that gets no CPU time. */
export const starvedPast = `
if [[ "$*" == *"prev_selected_pts"* ]]; then
  cat > /dev/null
  exec sleep 15
fi
`;
