import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { send } from '@/api/client';

// The control API of the simulator, which the API's document does not describe.
const base = '/api/v1/simulator';

export interface Phone {
  id: string;
  name: string;
  phone: string;
  username?: string;
  identity: 'both' | 'user_id' | 'phone'; // what the business is told of whose it is
}

export interface BusinessNumber {
  id: string;
  phone: string;
  verified_name: string;
  quality: 'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN';
}

export interface SimTemplate {
  id: string;
  name: string;
  language: string;
  status: string;
}

export interface State {
  numbers: BusinessNumber[];
  phones: Phone[];
  templates: SimTemplate[];
  faults: Record<string, number | boolean>;
  counts: Record<string, number>;
}

export interface Option {
  id: string;
  title: string;
  kind?: string;
  value?: string; // where it leads, or the code
  description?: string;
}

export interface ScreenMessage {
  id: string;
  mine: boolean;
  status: string;
  error?: string;
  type: string;
  text: string;
  header?: string;
  footer?: string;
  file?: { id?: string; name?: string; mime_type?: string; voice?: boolean };
  buttons?: Option[];
  list?: { button: string; sections: { title: string; rows: Option[] }[] };
  reply_to?: string;
  reaction?: string;
  business_reaction?: string;
  edited?: boolean;
  deleted?: boolean;
  at: string;
}

export interface Chat {
  window_open: boolean;
  typing: boolean;
  messages: ScreenMessage[];
}

const read = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await (await send('GET', base + path, { signal })).json()) as T;

const write = async (method: string, path: string, body: unknown): Promise<unknown> =>
  (await send(method, base + path, { body: JSON.stringify(body), type: 'application/json' })).text();

export const mediaURL = (id: string) => `${base}/media/${encodeURIComponent(id)}`;

export const useSimulatorState = (enabled: boolean) =>
  useQuery({ queryKey: ['simulator', 'state'], queryFn: ({ signal }) => read<State>('/state', signal), enabled });

export const useChat = (phone: string, number: string) =>
  useQuery({
    queryKey: ['simulator', 'chat', phone, number],
    queryFn: ({ signal }) => read<Chat>(`/phones/${phone}/chat?number_id=${number}`, signal),
    enabled: phone !== '' && number !== '',
  });

/** Reads the screens again whenever something happens in the simulator. */
export function useEvents(enabled: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    const stop = new AbortController();
    const follow = async () => {
      let after = 0;
      while (!stop.signal.aborted) {
        try {
          const events = await read<{ next: number; data: unknown[] }>(`/events?after=${after}&wait=20`, stop.signal);
          if (events.data.length > 0) void client.invalidateQueries({ queryKey: ['simulator'] });
          after = events.next;
        } catch {
          await new Promise((done) => setTimeout(done, 2000));
        }
      }
    };
    void follow();
    return () => stop.abort();
  }, [client, enabled]);
}

/** Does something in the simulator, and reads the screens again. */
export function useAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ method = 'POST', path, body }: { method?: string; path: string; body: unknown }) =>
      write(method, path, body),
    onSettled: () => client.invalidateQueries({ queryKey: ['simulator'] }),
  });
}

/** A file as the simulator takes it. */
export const uploadOf = (file: File) =>
  new Promise<{ name: string; mime_type: string; data: string }>((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error ?? new Error(file.name));
    reader.onload = () => {
      const [, base64 = ''] = String(reader.result).split(',');
      resolve({ name: file.name, mime_type: file.type || 'application/octet-stream', data: base64 });
    };
    reader.readAsDataURL(file);
  });

/** What kind of message a file is sent as. */
export function kindOf(mime: string): 'image' | 'video' | 'voice' | 'audio' | 'document' {
  if (mime === 'image/jpeg' || mime === 'image/png') return 'image';
  if (mime.startsWith('video/')) return 'video';
  if (mime.startsWith('audio/ogg')) return 'voice';
  return mime.startsWith('audio/') ? 'audio' : 'document';
}
