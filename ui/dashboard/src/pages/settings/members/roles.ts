import type { Role } from '@/api/types';

const all: readonly Role[] = ['owner', 'admin', 'editor', 'operator', 'viewer'];

/** The roles that a member with a role may give: only owners make owners. */
export function givableRoles(mine: Role | undefined): Role[] {
  return all.filter((role) => role !== 'owner' || mine === 'owner');
}

/** Whether a member with a role may change one with another: only owners change owners. */
export function mayChange(mine: Role | undefined, other: Role): boolean {
  return other !== 'owner' || mine === 'owner';
}
