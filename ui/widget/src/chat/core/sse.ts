export type SSE = { id: string; event: string; data: string };

/** Parses server-sent events out of pieces of text (WHATWG HTML, 9.2.6). */
export class Parser {
  #rest = '';

  /** Returns the events that are complete with this piece. */
  feed(piece: string): SSE[] {
    const blocks = (this.#rest + piece).replace(/\r\n?/g, '\n').split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map(parse).filter((e) => e !== null);
  }
}

function parse(block: string): SSE | null {
  const out: SSE = { id: '', event: 'message', data: '' };
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) continue; // a comment
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data.push(value);
    else if (name === 'id' || name === 'event') out[name] = value;
  }
  out.data = data.join('\n');
  return data.length ? out : null;
}
