import type { ReactNode } from 'react';
import type { Permission } from '@/api/types';
import { useCan } from './useMe';

/** Shows its children only to those who may. The server decides; this spares people dead buttons. */
export function Can({ permission, children }: { permission: Permission; children: ReactNode }) {
  return useCan(permission) ? children : null;
}
