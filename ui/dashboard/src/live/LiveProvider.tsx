import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { StreamEvent } from '@/api/types';
import { meKey } from '@/auth/useMe';
import { LiveHub, type LiveState } from './LiveHub';

const Context = createContext<LiveHub | null>(null);

function useHub(): LiveHub {
  const hub = useContext(Context);
  if (!hub) throw new Error('LiveProvider is missing.');
  return hub;
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [hub] = useState(() => new LiveHub(() => void client.invalidateQueries({ queryKey: meKey })));
  useEffect(() => {
    hub.start();
    return () => hub.stop();
  }, [hub]);
  return <Context value={hub}>{children}</Context>;
}

/** Calls back for every event of the stream; `resync` says to read the API again. */
export function useLive(onEvent: (event: StreamEvent) => void) {
  const hub = useHub();
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });
  useEffect(() => hub.listen((event) => latest.current(event)), [hub]);
}

/** Asks the stream for the deltas of this conversation while the component is shown. */
export function useLiveFocus(conversation: string) {
  const hub = useHub();
  useEffect(() => {
    hub.setFocus(conversation);
    return () => hub.setFocus('');
  }, [hub, conversation]);
}

/** How the stream stands. */
export function useLiveState(): LiveState {
  const hub = useHub();
  return useSyncExternalStore(hub.watchState, () => hub.state);
}
