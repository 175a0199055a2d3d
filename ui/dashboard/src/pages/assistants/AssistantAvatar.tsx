import classes from './AssistantAvatar.module.css';

/** The avatar of an assistant: its emoji or letters, else the first letter of its name. */
export function AssistantAvatar({ avatar, name, size = 36 }: { avatar?: string; name: string; size?: number }) {
  const shown = avatar || [...name.trim()][0]?.toUpperCase() || '?';
  return (
    <span
      className={classes.avatar}
      style={{ width: size, height: size, fontSize: size * (/^[\p{L}\p{N}]/u.test(shown) ? 0.38 : 0.52) }}
      aria-hidden
    >
      {shown}
    </span>
  );
}
