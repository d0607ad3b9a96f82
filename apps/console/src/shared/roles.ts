/** Who may what: each role may also what the roles before it may. */
export const roles = ['station', 'viewer', 'carer', 'technician'] as const;
export type Role = (typeof roles)[number];

export type Permission = 'look' | 'picture' | 'report' | 'care' | 'configure';

const needed: Readonly<Record<Permission, Role>> = {
  look: 'station',
  picture: 'viewer',
  report: 'viewer',
  care: 'carer',
  configure: 'technician',
};

/** `look`: see states and outlines; `picture`: coarse snapshots, which a wall screen never shows; `report`: figures of a period; `care`: acknowledge and resolve; `configure`: commands, drills, zones, release. */
export function may(role: Role, permission: Permission): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed[permission]);
}
