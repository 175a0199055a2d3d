import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api/error';
import type { StreamEvent } from '@/api/types';
import type { ConnectionHandlers } from './connection';
import { LiveHub } from './LiveHub';

interface Opened extends ConnectionHandlers {
  url: string;
  closed: boolean;
}

function setUp() {
  const opened: Opened[] = [];
  const events: StreamEvent[] = [];
  const unauthorized = vi.fn();
  const hub = new LiveHub(unauthorized, (url, handlers) => {
    const one = { url, closed: false, ...handlers };
    opened.push(one);
    return () => {
      one.closed = true;
    };
  });
  hub.listen((e) => events.push(e));
  hub.start();
  const at = (i: number) => opened[i] as Opened;
  return { hub, opened, at, events, unauthorized };
}

describe('LiveHub', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('opens again after a loss and says resync', () => {
    const { opened, at, events, hub } = setUp();
    at(0).onOpen();
    expect(events).toEqual([]);
    at(0).onClose(null);
    expect(hub.state).toBe('connecting');
    vi.advanceTimersByTime(5000);
    expect(opened).toHaveLength(2);
    at(1).onOpen();
    expect(events).toEqual([{ type: 'resync' }]);
    expect(hub.state).toBe('live');
  });

  it('changes its focus without a gap', () => {
    const { at, events, hub } = setUp();
    at(0).onOpen();
    hub.setFocus('c1');
    expect(at(1).url).toBe('/api/v1/stream?deltas=c1');
    expect(at(0).closed).toBe(false);
    at(0).onEvent({ type: 'conversation', conversation_id: 'c2' });
    at(1).onOpen();
    expect(at(0).closed).toBe(true);
    expect(events).toEqual([
      { type: 'conversation', conversation_id: 'c2' },
      { type: 'resync', conversation_id: 'c1' },
    ]);
  });

  it('is lost after several failures and tries on', () => {
    const { opened, at, hub } = setUp();
    for (let i = 0; i < 4; i++) {
      at(i).onClose(new TypeError('network'));
      vi.advanceTimersByTime(20_000);
    }
    expect(hub.state).toBe('lost');
    expect(opened).toHaveLength(5);
  });

  it('tells when nobody is signed in any more', () => {
    const { at, unauthorized } = setUp();
    at(0).onClose(new ApiError({ code: 'unauthorized', message: '', status: 401 }));
    expect(unauthorized).toHaveBeenCalledOnce();
  });

  it('goes on without a conversation that is gone', () => {
    const { opened, at, hub } = setUp();
    hub.setFocus('gone');
    at(1).onClose(new ApiError({ code: 'not_found', message: '', status: 404 }));
    vi.advanceTimersByTime(5000);
    expect(opened.at(-1)?.url).toBe('/api/v1/stream');
  });

  it('stops', () => {
    const { opened, at, hub } = setUp();
    at(0).onOpen();
    hub.stop();
    expect(at(0).closed).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(1);
  });
});
