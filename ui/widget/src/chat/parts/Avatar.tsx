/** A picture, an emoji or initials. */
export function Avatar({ name, picture }: { name: string; picture: string }) {
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('');
  return (
    <span class="avatar" aria-hidden="true">
      {picture.startsWith('data:') ? <img src={picture} alt="" /> : picture || initials}
    </span>
  );
}
