/** The mark of Parley: two speech bubbles, one behind the other. */
export function Brand({ size = 28 }: { size?: number }) {
  return <img src="/favicon.svg" alt="" width={size} height={size} />;
}
