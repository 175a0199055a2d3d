export type SSE = { event: string; data: string };

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
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, name, value = ''] = /^(\w+)(?:: ?(.*))?$/.exec(line) ?? []; // none: a comment
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
  }
  return data.length ? { event, data: data.join('\n') } : null;
}
