import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the clone. */
export const REPO = fileURLToPath(new URL('../../', import.meta.url));
export const CACHE = join(REPO, '.cache/vigilia');
export const MODELS_DIR = join(CACHE, 'models');
/** What the embedded model is made from. */
export const WEIGHTS_DIR = join(CACHE, 'weights');
