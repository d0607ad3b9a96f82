import { z } from 'zod';

/** Grows when an earlier `vigilia restore` could no longer read a backup. */
export const backupFormatVersion = 1;

/** A path inside a backup: no part of it leaves the folder that it is extracted to. */
const innerPath = z
  .string()
  .max(4096)
  .refine((path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'), 'not an inner path');

export const folderNamePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

const fileSchema = z.object({
  path: innerPath,
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** `manifest.json` of a backup: what it contains, to be verified before anything is restored. */
export const manifestSchema = z.object({
  format: z.literal('vigilia-backup'),
  format_version: z.literal(backupFormatVersion),
  vigilia_version: z.string().max(64),
  created_at: z.iso.datetime(),
  /** Whether the state on the broker is in it. */
  broker: z.boolean(),
  folders: z.array(z.string().regex(folderNamePattern)).max(256),
  files: z.array(fileSchema).max(1_000_000),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type BackupFile = Manifest['files'][number];

/** Names inside a backup. */
export const manifestName = 'manifest.json';
export const brokerName = 'broker.json';
export const foldersName = 'folders';
