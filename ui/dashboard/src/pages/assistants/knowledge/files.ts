import { text } from '@/text/en';
import type { DocumentText } from './useKnowledge';

const t = text.assistants.knowledge;

/** The largest document that the server keeps. */
export const largest = 1024 * 1024;

/** Reads an uploaded file as a document; throws a sentence for a person. */
export async function readDocument(file: File): Promise<DocumentText> {
  if (file.size > largest) throw new Error(t.tooBig(file.name));
  const content = await decode(file);
  const markdown = /\.(md|markdown|mdown)$/i.test(file.name);
  return {
    title: file.name.replace(/\.[^.]+$/, '') || file.name,
    format: markdown ? 'markdown' : 'text',
    content: content.replaceAll('\r\n', '\n'),
  };
}

async function decode(file: File): Promise<string> {
  try {
    const content = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    if (!content.includes('\0')) return content;
  } catch {
    // Not UTF-8: the sentence below says so.
  }
  throw new Error(t.notText(file.name));
}
