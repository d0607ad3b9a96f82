/** `npm run setup`: what `npm start` and `npm test` do first. */
import { say } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';

if (await setUp()) {
  say('Everything is there: npm start, npm test.');
}
