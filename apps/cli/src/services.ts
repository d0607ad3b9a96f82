/** A service as a subcommand: it reads its own flags, so that it behaves the same alone and in a container. */
interface ServiceApp {
  main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown>;
}

/** A subcommand that hands everything after its name on. */
export interface ServiceCommand {
  readonly summary: string;
  /** A shorter name. */
  readonly alias?: string;
  /** Its own subcommands and flags, for completion. */
  readonly words: readonly string[];
  /** Shown below its help. */
  readonly examples: readonly string[];
  readonly load: () => Promise<ServiceApp>;
}

/** Loaded only when asked for: `vigilia send` need not load ONNX Runtime. */
export const services: Readonly<Record<string, ServiceCommand>> = {
  processor: {
    summary: 'Watch rooms (see vigilia processor --help)',
    words: ['--streams', '--model', '--max-fps', '--stream-server', '--enable-control', '--instance-id', '--mqtt-url'],
    examples: [
      'vigilia processor --streams 0 --enable-control --max-fps 0.1',
      'vigilia processor --streams 0,1,2 --stream-server rtsp://host:8554 --model yolov11n-640 --instance-id processor-a',
    ],
    load: () => import('@vigilia/processor'),
  },
  orchestrator: {
    summary: 'Move rooms between processors; "plan" shows what a policy would do',
    words: ['run', 'plan', '--policy', '--runtime', '--mqtt-url'],
    examples: ['vigilia orchestrator --policy policy.yaml', 'vigilia orchestrator plan --policy policy.yaml'],
    load: () => import('@vigilia/orchestrator'),
  },
  console: {
    summary: 'The web page; "add-user" adds an account or a wall screen, "create-certificate" makes a certificate',
    words: [
      'run',
      'list-users',
      'add-user',
      'set-user',
      'set-password',
      'remove-user',
      'list-sessions',
      'end-sessions',
      'create-certificate',
      '--users-file',
      '--no-auth',
      '--host',
      '--port',
      '--base-path',
      '--tls-dir',
      '--mqtt-url',
    ],
    examples: [
      'vigilia console --no-auth',
      'vigilia console --users-file users.json --host 0.0.0.0 --port 8080',
      'vigilia console add-user --users-file users.json --name ana --display-name "Ana Ruiz" --role nurse',
      'vigilia console create-certificate --dir ./tls --names vigilia.lan,192.168.1.10',
    ],
    load: () => import('@vigilia/console'),
  },
  'event-sink': {
    summary: 'Ship events and logs to Elasticsearch or files: run, setup, replay, simulate',
    alias: 'sink',
    words: [
      'run',
      'setup',
      'replay',
      'report',
      'simulate',
      '--spool-dir',
      '--ndjson-dir',
      '--elasticsearch-url',
      '--mqtt-url',
    ],
    examples: [
      'vigilia sink --ndjson-dir ./events',
      'vigilia sink setup --elasticsearch-url https://elasticsearch:9200',
      'vigilia sink replay --elasticsearch-url https://elasticsearch:9200',
    ],
    load: () => import('@vigilia/event-sink'),
  },
  notifier: {
    summary: 'Alert people of falls by webhook, ntfy and e-mail, and show rooms in Home Assistant',
    words: ['--alerts', '--home-assistant', '--state-dir', '--mqtt-url'],
    examples: [
      'vigilia notifier --alerts alerts.yaml',
      'vigilia notifier --home-assistant --mqtt-url mqtt://broker:1883',
    ],
    load: () => import('@vigilia/notifier'),
  },
};

/** A command of the event sink under a name of its own: the sink has stored what it reads. */
export const reportCommand: ServiceCommand = {
  summary: 'Show falls, response times, false alarms and unwatched time of a period',
  words: [
    '--from',
    '--to',
    '--ward',
    '--csv',
    '--html',
    '--json',
    '--language',
    '--shifts',
    '--reports-dir',
    '--elasticsearch-url',
    '--namespace',
  ],
  examples: [
    'vigilia report --reports-dir .vigilia/reports',
    'vigilia report --from 2026-03-01 --to 2026-03-31 --ward 2 --html > march.html',
    'vigilia report --from 2026-03-01 --to 2026-03-31 --csv --elasticsearch-url http://localhost:9200 > march.csv',
  ],
  load: async () => {
    const { main } = await import('@vigilia/event-sink');
    return { main: (argv, env) => main(['report', ...argv], env) };
  },
};
