import { availableParallelism } from 'node:os';
import type { Finding } from '@vigilia/protocol';
import { examine } from '@vigilia/service';
import { checkModel } from '../models/check-model.ts';

/** Share of the machine that inference may use; decoding, tracking and everything else need the rest. */
const share = 0.6;

/** Whether the model finds a person, how long a frame takes on this machine, and how many rooms at which rate that carries. */
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
    const detail = `${o.modelId}: ${report.milliseconds} ms per frame → about ${rooms} rooms at ${o.maxFps} frames per second on this machine`;
    if (report.person_confidence === 0) {
      const remedy =
        'Use another model, or export this one again (docs/models.md); "vigilia models check" shows how it is read.';
      return {
        check: 'model',
        result: 'failed',
        code: 'model_finds_nobody',
        detail: `${o.modelId} finds no person in the embedded picture of one: no fall can be detected with it`,
        remedy,
        figures,
      };
    }
    if (rooms >= 1) return { check: 'model', result: 'ok', detail, figures };
    const remedy = 'Use a smaller model or a lower rate.';
    return { check: 'model', result: 'warning', code: 'model_too_slow', detail, remedy, figures };
  });
}
