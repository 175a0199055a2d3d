import { describe, expect, it } from 'vitest';
import { passwordStrength } from './NewPassword';
import { safeNext, tokenOf } from './session';

describe('safeNext', () => {
  it('goes back to a path of this site', () => {
    expect(safeNext('/conversations?q=a')).toBe('/conversations?q=a');
  });
  it.each([null, '', 'https://evil.example', '//evil.example', '/\\evil.example', 'conversations'])(
    'never leaves for %s',
    (next) => expect(safeNext(next)).toBe('/'),
  );
});

describe('tokenOf', () => {
  const url = (path: string) => new URL(path, 'http://parley.example');
  it.each([
    ['/signin', '/signin', ''],
    ['/signin#token=abc', '/signin', 'abc'],
    ['/signin/link?token=a%2Fb', '/signin', 'a/b'],
    ['/join/abc', '/join', 'abc'],
    ['/join/abc/', '/join', 'abc'],
    ['/signin/link', '/signin', ''],
    ['/setup?token=x', '/setup', 'x'],
  ])('finds the token of %s', (path, base, token) => expect(tokenOf(url(path), base)).toBe(token));
});

describe('passwordStrength', () => {
  it('is 0 when the server would refuse it, and grows', () => {
    expect(passwordStrength('short')).toBe(0);
    expect(passwordStrength('aaaaaaaaaaaa')).toBe(1);
    expect(passwordStrength('correct horse battery staple')).toBeGreaterThan(passwordStrength('lowercases'));
  });
});
