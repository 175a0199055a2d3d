// What jsdom lacks and the dashboard's parts ask for.
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// Generous, because the machine may be slow; a test that holds does not wait.
configure({ asyncUtilTimeout: 20_000 });

class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

vi.stubGlobal('ResizeObserver', NoObserver);
vi.stubGlobal('IntersectionObserver', NoObserver);
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener() {},
  removeEventListener() {},
}));
vi.stubGlobal('CSS', { escape: (s: string) => s, supports: () => false });
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.animate ??= (() => undefined) as unknown as Element['animate'];
Object.defineProperty(document, 'fonts', { value: { addEventListener() {}, removeEventListener() {} } });

afterEach(cleanup);
