import { expect, test } from 'vitest';
import { Outbox, type Waiting } from './outbox';

const waiting = (client_id: string): Waiting => ({ client_id, content: client_id, attachments: [], conversation: '' });

function kept() {
  let text = '[]';
  return () =>
    new Outbox(
      () => JSON.parse(text) as Waiting[],
      (all) => (text = JSON.stringify(all)),
    );
}

test('messages wait in order, over a reload, until they are delivered', () => {
  const open = kept();
  const first = open();
  first.add(waiting('a'));
  first.add(waiting('b'));
  const second = open(); // another tab, or the next page
  expect(second.next()?.client_id).toBe('a');
  second.remove('a');
  expect(first.next()?.client_id).toBe('b');
  first.remove('a');
  expect(first.all()).toHaveLength(1);
});

test('one that was refused for good holds up nobody, and can be tried again', () => {
  const box = kept()();
  box.add(waiting('a'));
  box.add(waiting('b'));
  box.change('a', { error: 'error_send' });
  expect(box.next()?.client_id).toBe('b');
  box.change('a', { error: undefined });
  expect(box.next()?.client_id).toBe('a');
});
