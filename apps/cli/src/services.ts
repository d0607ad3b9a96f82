/** A service of the house as a subcommand: it reads its own flags, so that it behaves the same alone and in a container. */
export interface ServiceApp {
  main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown>;
}

/** Loaded only when asked for: `vigilia send` need not load ONNX Runtime. */
export const services: Readonly<Record<string, { summary: string; load: () => Promise<ServiceApp> }>> = {
  processor: { summary: 'Watch rooms (see vigilia processor --help)', load: () => import('@vigilia/processor') },
  orchestrator: {
    summary: 'Move rooms between processors; "plan" shows what a policy would do',
    load: () => import('@vigilia/orchestrator'),
  },
  console: { summary: 'The web page for carers and technicians', load: () => import('@vigilia/console') },
  'event-sink': {
    summary: 'Ship events and logs to Elasticsearch or files',
    load: () => import('@vigilia/event-sink'),
  },
};
