import { availableParallelism } from 'node:os';
import { checkModel } from '../models/check-model.ts';
import { examine, type Finding } from './finding.ts';

/** Share of the machine that inference may use; decoding, tracking and everything else need the rest. */
const share = 0.6;

/** The model on this machine, and how many rooms at which rate that carries. */
export function checkModelSpeed(o: {
  modelsDir: string;
  modelId: string;
  picture: string;
  maxFps: number;
}): Promise<Finding> {
  return examine('model', 'See "vigilia models list"; "npm run setup" makes the embedded one.', async () => {
    const report = await checkModel({ ...o, confidence: 0.25 });
    const rooms = Math.floor((share * 1000) / report.milliseconds / o.maxFps);
    const figures = { ms_per_frame: report.milliseconds, rooms, max_fps: o.maxFps, cpus: availableParallelism() };
    const detail = `${o.modelId}: ${report.milliseconds} ms a frame → about ${rooms} rooms at ${o.maxFps} frames a second on this machine`;
    if (rooms >= 1) return { check: 'model', result: 'ok', detail, figures };
    return { check: 'model', result: 'warning', detail, remedy: 'Take a smaller model or a lower rate.', figures };
  });
}
