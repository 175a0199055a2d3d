import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '@/api/client';
import type { Workspace } from '@/api/types';
import { meKey } from '@/auth/useMe';

const workspaceKey = ['workspace'] as const;

/** The workspace that the person is signed in to. */
export function useWorkspace() {
  return useQuery({
    queryKey: workspaceKey,
    queryFn: ({ signal }) => data(api.GET('/api/v1/workspace', { signal })),
  });
}

/** Shows the workspace as it was just saved, wherever it is named. */
export function useKeepWorkspace() {
  const client = useQueryClient();
  return (workspace: Workspace) => {
    client.setQueryData(workspaceKey, workspace);
    void client.invalidateQueries({ queryKey: meKey });
  };
}
