import { expect, it } from 'vitest';
import { givableRoles, mayChange } from './roles';

it('lets only owners make and change owners', () => {
  expect(givableRoles('owner')).toContain('owner');
  expect(givableRoles('admin')).not.toContain('owner');
  expect(mayChange('admin', 'owner')).toBe(false);
  expect(mayChange('owner', 'owner')).toBe(true);
  expect(mayChange('admin', 'admin')).toBe(true);
});
