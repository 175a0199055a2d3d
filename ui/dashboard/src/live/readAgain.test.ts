import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';
import { readAgain } from './readAgain';

const client = new QueryClient();
afterEach(() => client.clear());

// What is asked for is answered when the test says so, with what is there when it is asked.
function watched() {
  const world = { value: 'before', answer: [] as (() => void)[] };
  const observer = new QueryObserver(client, {
    queryKey: ['it'],
    queryFn: () => {
      const { value } = world;
      return new Promise<string>((resolve) => world.answer.push(() => resolve(value)));
    },
  });
  return { world, observer, stop: observer.subscribe(() => undefined) };
}

test('what changes while the first answer is on its way is read again', async () => {
  const { world, observer, stop } = watched();
  await vi.waitFor(() => expect(world.answer).toHaveLength(1));
  world.value = 'after';
  const done = readAgain(client, ['it']);
  world.answer[0]?.();
  await vi.waitFor(() => expect(world.answer).toHaveLength(2));
  world.answer[1]?.();
  await done;
  expect(observer.getCurrentResult().data).toBe('after');
  stop();
});

test('what is shown already is read again at once', async () => {
  const { world, observer, stop } = watched();
  await vi.waitFor(() => expect(world.answer).toHaveLength(1));
  world.answer[0]?.();
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('before'));
  world.value = 'after';
  const done = readAgain(client, ['it']);
  await vi.waitFor(() => expect(world.answer).toHaveLength(2));
  world.answer[1]?.();
  await done;
  expect(observer.getCurrentResult().data).toBe('after');
  stop();
});
