// What a website needs to have the widget on it.

/** The line of HTML that puts the widget on a page. */
export const snippet = (scriptURL: string) => `<script type="module" async src="${scriptURL}"></script>`;

export const javascript = `window.parley ||= (...call) => (window.parley.q ||= []).push(call);

parley('open');                             // also 'close' and 'toggle'
parley('setVariables', { plan: 'pro' });    // fills the form in advance
parley('on', 'message', (m) => console.log(m.role, m.content));
                                            // also 'open', 'close', 'started', 'ended'`;

/** The lines of a strict Content-Security-Policy. */
export const policy = (serverURL: string) => `script-src  ${serverURL}
connect-src ${serverURL}
img-src     data: blob:`;

export const identify = `parley('identify', {
  user_id: '42',              // of the person who is signed in
  hash: '…',                  // from your server
  name: 'Ada Lovelace',
  email: 'ada@example.com',
});`;

/** The hash that proves who is signed in, by language. */
export const hashes = [
  {
    id: 'go',
    name: 'Go',
    code: `func parleyHash(secret, userID string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(userID))
	return hex.EncodeToString(mac.Sum(nil))
}`,
  },
  {
    id: 'node',
    name: 'Node',
    code: `import { createHmac } from 'node:crypto';

const parleyHash = (secret, userId) =>
  createHmac('sha256', secret).update(userId).digest('hex');`,
  },
  {
    id: 'php',
    name: 'PHP',
    code: `function parley_hash(string $secret, string $userId): string {
    return hash_hmac('sha256', $userId, $secret);
}`,
  },
  {
    id: 'python',
    name: 'Python',
    code: `import hashlib, hmac

def parley_hash(secret: str, user_id: str) -> str:
    return hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()`,
  },
] as const;
