/** Who may what: each role may also what the roles before it may. */
export const roles = ['station', 'viewer', 'nurse', 'operator', 'technician', 'administrator'] as const;
export type Role = (typeof roles)[number];

/**
 * `look`: see states and outlines; `picture`: coarse snapshots, which a wall screen never shows; `report`: figures of a period;
 * `care`: acknowledge and resolve; `operate`: drills, and the end of a dedicated watch; `configure`: commands, zones, the policy;
 * `accounts`: people, their roles, wards and sign-ins.
 */
export type Permission = 'look' | 'picture' | 'report' | 'care' | 'operate' | 'configure' | 'accounts';

const needed: Readonly<Record<Permission, Role>> = {
  look: 'station',
  picture: 'viewer',
  report: 'viewer',
  care: 'nurse',
  operate: 'operator',
  configure: 'technician',
  accounts: 'administrator',
};

/** Returns whether a role has a permission. */
export function may(role: Role, permission: Permission): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed[permission]);
}
