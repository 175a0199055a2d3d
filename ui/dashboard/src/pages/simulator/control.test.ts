import { describe, expect, it } from 'vitest';
import { kindOf, uploadOf } from './control';

describe('files', () => {
  it('are sent as what WhatsApp knows them as', () => {
    const kinds = [
      'image/png',
      'image/webp',
      'audio/ogg; codecs=opus',
      'audio/mpeg',
      'video/mp4',
      'application/pdf',
      '',
    ].map(kindOf);
    expect(kinds).toEqual(['image', 'document', 'voice', 'audio', 'video', 'document', 'document']);
  });

  it('keep each byte', async () => {
    const upload = await uploadOf(new File([new Uint8Array([0, 255, 10])], 'a.bin'));
    expect(upload).toEqual({ name: 'a.bin', mime_type: 'application/octet-stream', data: 'AP8K' });
  });
});
