import { logTable, type SettingsOf, setting, UsageError } from '@vigilia/service';

/** Where Elasticsearch is and who we are there; shared by `run`, `setup` and `replay`. */
export const elasticsearchTable = {
  elasticsearchUrl: {
    flag: '--elasticsearch-url <url>',
    env: 'ELASTICSEARCH_URL',
    schema: setting.url('http', 'https').optional(),
    describe: 'Elasticsearch; without it (and without a cloud id) documents go to files only',
  },
  cloudId: {
    env: 'ELASTICSEARCH_CLOUD_ID',
    schema: setting.text().optional(),
    describe: 'Elastic Cloud id, instead of a URL',
  },
  apiKey: {
    env: 'ELASTICSEARCH_API_KEY',
    schema: setting.text().optional(),
    secret: true,
    describe: 'API key (encoded form)',
  },
  username: {
    env: 'ELASTICSEARCH_USERNAME',
    schema: setting.text().optional(),
    describe: 'User name for basic authentication',
  },
  password: {
    env: 'ELASTICSEARCH_PASSWORD',
    schema: setting.text().optional(),
    secret: true,
    describe: 'Password for basic authentication',
  },
  caFile: {
    flag: '--elasticsearch-ca <file>',
    env: 'ELASTICSEARCH_CA_FILE',
    schema: setting.text().optional(),
    describe: 'PEM file of the authority that signed its certificate',
  },
  requestTimeoutMs: {
    flag: '--request-timeout <ms>',
    env: 'ELASTICSEARCH_REQUEST_TIMEOUT_MS',
    schema: setting.integer({ min: 100 }),
    default: 30_000,
    describe: 'Limit of one request',
  },
  namespace: {
    flag: '--namespace <name>',
    env: 'VIGILIA_NAMESPACE',
    schema: setting.text().regex(/^[a-z0-9_.]{1,60}$/, 'must be lower-case letters, digits, dots and underscores'),
    default: 'default',
    describe: 'Last part of the data streams’ names: one for each residence',
  },
  ...logTable,
} as const;
export type ElasticsearchSettings = SettingsOf<typeof elasticsearchTable>;

export function hasElasticsearch(settings: Pick<ElasticsearchSettings, 'elasticsearchUrl' | 'cloudId'>): boolean {
  return settings.elasticsearchUrl !== undefined || settings.cloudId !== undefined;
}

/** @throws UsageError `invalid_settings` for combinations that no single setting shows. */
export function checkElasticsearchSettings(settings: ElasticsearchSettings): void {
  const problems: string[] = [];
  if (settings.elasticsearchUrl !== undefined && settings.cloudId !== undefined) {
    problems.push('ELASTICSEARCH_URL and ELASTICSEARCH_CLOUD_ID exclude each other');
  }
  if (settings.apiKey !== undefined && settings.password !== undefined) {
    problems.push('ELASTICSEARCH_API_KEY and ELASTICSEARCH_PASSWORD exclude each other');
  }
  if ((settings.username === undefined) !== (settings.password === undefined)) {
    problems.push('ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD belong together');
  }
  if (hasCredentials(settings.elasticsearchUrl)) {
    problems.push(
      'ELASTICSEARCH_URL must not hold credentials: use ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD_FILE, or ELASTICSEARCH_API_KEY_FILE',
    );
  }
  if (problems.length > 0)
    throw new UsageError({ code: 'invalid_settings', message: `vigilia event-sink: ${problems.join('; ')}.` });
}

function hasCredentials(url: string | undefined): boolean {
  if (url === undefined) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
