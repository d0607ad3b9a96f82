// `node --conditions=@vigilia/source --import …/register.mjs file.ts`: runs TypeScript sources as they are, without a build.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
