export { notifierSpec } from './settings.ts';
