export * from './messages.ts';
export { Random } from './random.ts';
