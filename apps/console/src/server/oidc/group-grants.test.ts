import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repoRoot } from '@vigilia/testing';
import { type GroupGrant, grantOf, parseGroupGrants } from './group-grants.ts';

const grants: readonly GroupGrant[] = [
  { group: 'look', role: 'viewer' },
  { group: 'care-1', role: 'nurse', wards: ['Ward 1'] },
  { group: 'care-2', role: 'nurse', wards: ['Ward 2'] },
  { group: 'it', role: 'technician', wards: ['Ward 3'] },
];

describe('what the groups of a person give', () => {
  it.each([
    ['nothing without a mapped group', ['other', 'Care-1'], undefined],
    ['the wards of all groups of the same role', ['care-2', 'care-1'], { role: 'nurse', wards: ['Ward 1', 'Ward 2'] }],
    ['never the wider wards of a lower role', ['look', 'care-1'], { role: 'nurse', wards: ['Ward 1'] }],
    ['the highest role', ['care-1', 'it'], { role: 'technician', wards: ['Ward 3'] }],
    ['all wards where a group names none', ['look'], { role: 'viewer', wards: undefined }],
  ])('is %s', (_, groups, expected) => {
    expect(grantOf(grants, groups)).toEqual(expected);
    expect(grantOf([...grants].reverse(), groups)).toEqual(expected);
  });
});

describe('the file of groups', () => {
  it('has an example that works', async () => {
    const example = join(repoRoot, 'deploy', 'oidc', 'groups.example.yaml');
    expect(parseGroupGrants(await readFile(example, 'utf8'), example)).toHaveLength(3);
  });

  it('is read from YAML and from JSON', () => {
    const expected = [{ group: 'care', role: 'nurse', wards: ['Ward 1'] }];
    expect(parseGroupGrants('groups:\n  - {group: care, role: nurse, wards: [Ward 1]}', 'g')).toEqual(expected);
    expect(parseGroupGrants(JSON.stringify({ groups: expected }), 'g')).toEqual(expected);
  });

  it.each([
    [
      'a role that does not exist',
      'groups: [{ group: a, role: boss }]',
      /groups\.0\.role must be one of viewer, nurse/,
    ],
    ['the role of a wall screen', 'groups: [{ group: a, role: station }]', /groups\.0\.role must be one of/],
    [
      'a field that does not exist',
      'groups: [{ group: a, role: nurse, ward: b }]',
      /groups\.0 has unknown fields: ward/,
    ],
    ['no group', 'groups: []', /groups must have a group/],
    ['another file', 'a text', /the file must have the field groups/],
    ['an empty list of wards', 'groups: [{ group: a, role: nurse, wards: [] }]', /groups\.0\.wards/],
    ['broken YAML', 'groups: [', /line \d+ is not YAML/],
  ])('is refused with the place for %s', (_, text, message) => {
    let refusal: unknown;
    try {
      parseGroupGrants(text, 'groups.yaml');
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: 'oidc_groups_invalid', message: expect.stringMatching(message) });
  });
});
