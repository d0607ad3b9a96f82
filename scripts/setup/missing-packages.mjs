/** @typedef {{ version?: string, link?: boolean, optional?: boolean, resolved?: string }} LockedPackage */
/** @typedef {{ packages?: Record<string, LockedPackage> }} Lock */

/**
 * Compares package-lock.json with what npm noted down at the last install (node_modules/.package-lock.json).
 * @param {Lock} wanted
 * @param {Lock} installed
 * @returns {string[]} folders of packages that are absent or of another version; optional ones may be absent
 */
export function missingPackages(wanted, installed) {
  return Object.entries(wanted.packages ?? {}).flatMap(([folder, { version, link, optional }]) => {
    if (!folder.includes('node_modules/')) return [];
    const present = installed.packages?.[folder];
    if (!present) return optional ? [] : [folder];
    return link || present.version === version ? [] : [folder];
  });
}
