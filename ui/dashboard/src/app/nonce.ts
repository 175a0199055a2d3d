/**
 * The nonce with which the server lets this page add style elements of its
 * own; '' while Vite serves it.
 */
export function styleNonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce ?? '';
}
