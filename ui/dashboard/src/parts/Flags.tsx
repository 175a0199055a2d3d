/** A text whose command-line flags are never broken at their hyphens. */
export const Flags = ({ children }: { children: string }) =>
  children.split(/(--[a-z][a-z-]*)/).map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <span key={i} style={{ whiteSpace: 'nowrap' }}>
        {part}
      </span>
    ),
  );
