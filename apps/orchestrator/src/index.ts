export { main } from './main.ts';
export { endRegistered } from './runtime/end-registered.ts';
