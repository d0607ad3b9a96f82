import { defineSettings, parseSettings, setting, systemClock, UsageError } from '@vigilia/service';
import { certificateReport } from './certificate-report.ts';
import { createCertificate } from './certificates.ts';

const createCertificateSpec = defineSettings(
  'vigilia console create-certificate',
  'Makes a certificate for the page, signed by an authority of this site that devices are made to trust. Needs no internet.',
  {
    dir: {
      flag: '--dir <folder>',
      env: 'CONSOLE_TLS_DIR',
      schema: setting.text(),
      describe: 'Folder of the certificates, as "vigilia console --tls-dir" reads it',
    },
    authorityDir: {
      flag: '--authority-dir <folder>',
      schema: setting.text().optional(),
      describe: 'Folder of the authority, where the console should not read its key; otherwise --dir',
    },
    names: {
      flag: '--names <names>',
      env: 'CONSOLE_TLS_NAMES',
      schema: setting.textList(),
      describe: 'Names and IP addresses of the page, comma-separated: vigilia.lan,192.168.1.10',
    },
    renewAuthority: {
      flag: '--renew-authority',
      schema: setting.boolean(),
      default: false,
      describe: 'Make a new authority although the present one is still valid; each device must be made to trust it',
    },
  },
);

/** @throws UsageError `invalid_settings` */
export async function runCreateCertificate(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { dir, authorityDir = dir, names, renewAuthority } = parseSettings(createCertificateSpec, argv, env);
  const wrong = names.length === 0 ? '(none)' : names.find((name) => !/^[A-Za-z0-9.:-]{1,253}$/.test(name));
  if (wrong !== undefined) {
    throw new UsageError({
      code: 'invalid_settings',
      message: `--names must hold host names or IP addresses (got ${wrong}).`,
      remedy: 'Give the names that people type into the browser, such as vigilia.lan,192.168.1.10.',
    });
  }
  const options = { dir, authorityDir, names, nowMs: systemClock.now() };
  const result = await createCertificate({ ...options, renewAuthority });
  process.stdout.write(`${certificateReport(result, options).join('\n')}\n`);
}
