/** Who may what: each role may also what the roles before it may. */
export const roles = ['viewer', 'carer', 'technician'] as const;
export type Role = (typeof roles)[number];

export type Permission = 'look' | 'care' | 'configure';

const needed: Readonly<Record<Permission, Role>> = { look: 'viewer', care: 'carer', configure: 'technician' };

/** `look`: see everything; `care`: acknowledge and resolve; `configure`: commands, drills, zones, release. */
export function may(role: Role, permission: Permission): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed[permission]);
}
