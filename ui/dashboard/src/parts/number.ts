const plain = new Intl.NumberFormat();
const percentage = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

/** 12,345 */
export const number = (n: number): string => plain.format(n);

/** 12,345 up to five digits, then 1.2M. */
export const shortNumber = (n: number): string => (Math.abs(n) < 100_000 ? plain.format(n) : compact.format(n));

/** A share in percent without decimals, as the viewer's language writes it: "86%". */
export const percent = (share: number): string => percentage.format(share);

/** At most four significant decimals, without trailing zeros: "0.0125", "3.2", "0.000004". */
export function creditText(credits: string): string {
  const n = Number(credits);
  if (n === 0) return '0';
  if (Math.abs(n) >= 100) return plain.format(Math.round(n));
  const digits = Math.abs(n) >= 1 ? 2 : 3;
  return String(Number(Math.abs(n) >= 1 ? n.toFixed(digits) : n.toPrecision(digits)));
}

/** "640 B", "12 KB", "3.4 MB". */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
