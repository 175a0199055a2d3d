import { describe, expect, it } from 'vitest';
import { largest, readDocument } from './files';

// jsdom's File has no arrayBuffer in every version; this one is enough.
function file(name: string, bytes: BlobPart): File {
  const blob = new File([bytes], name);
  const content = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : (bytes as Uint8Array);
  return Object.assign(blob, { arrayBuffer: () => Promise.resolve(content) });
}

describe('readDocument', () => {
  it('knows Markdown by its name and folds line ends', async () => {
    await expect(readDocument(file('faq.md', '# Hi\r\nyou'))).resolves.toEqual({
      title: 'faq',
      format: 'markdown',
      content: '# Hi\nyou',
    });
    await expect(readDocument(file('notes.v2.txt', 'x'))).resolves.toMatchObject({
      title: 'notes.v2',
      format: 'text',
    });
  });

  it('refuses what is not text', async () => {
    await expect(readDocument(file('a.pdf', new Uint8Array([0x25, 0xff, 0xfe])))).rejects.toThrow('a.pdf is not text');
    await expect(readDocument(file('b.txt', 'a\0b'))).rejects.toThrow('not text');
  });

  it('refuses what is too large', async () => {
    await expect(readDocument(file('c.txt', 'x'.repeat(largest + 1)))).rejects.toThrow('larger than 1 MB');
  });
});
