/** One event of a server-sent stream. */
export interface SseEvent {
  id: string;
  event: string;
  data: string;
}

/**
 * Cuts a text/event-stream into events, whatever the chunks are. Comments
 * (heartbeats) yield nothing. The format is that of the HTML standard, 9.2.6.
 */
export class SseParser {
  private rest = '';
  private id = '';
  private event = '';
  private data: string[] = [];

  push(chunk: string): SseEvent[] {
    const events: SseEvent[] = [];
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (this.data.length > 0) {
          events.push({ id: this.id, event: this.event || 'message', data: this.data.join('\n') });
        }
        this.event = '';
        this.data = [];
        continue;
      }
      this.field(line);
    }
    return events;
  }

  private field(line: string) {
    if (line.startsWith(':')) return;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.data.push(value);
    else if (name === 'event') this.event = value;
    else if (name === 'id') this.id = value;
  }
}
